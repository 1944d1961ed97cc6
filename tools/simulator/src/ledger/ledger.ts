import type { FaultKind } from "../faults/registry.js";
import type { CallState, LedgerCall, LedgerFilter, Stats } from "./call.js";
import { createCounters } from "./counters.js";

/** What is known of a call when it comes. */
export type ReceivedCall = Pick<
  LedgerCall,
  "provider" | "endpoint" | "method" | "path" | "model" | "stream" | "headers" | "key" | "body"
>;

/** What a completion will cost, for `GET /generation`. */
export interface Generation {
  readonly id: string;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly costUsd: number;
  readonly finishReason: string;
}

/** The ledger's side of one call. Each change is seen at once. */
export interface CallRecord {
  readonly id: number;
  played(fault: FaultKind): void;
  generated(generation: Generation): void;
  /** Status and first bytes went out. */
  responding(status: number): void;
  sent(tokens: number): void;
  /** Ends the call; later ends change nothing. */
  end(state: "finished" | "aborted" | "failed"): void;
}

/** The record of every call. */
export interface Ledger {
  open(call: ReceivedCall, bodyBytes: number): CallRecord;
  calls(filter?: LedgerFilter): LedgerCall[];
  generation(id: string): { readonly call: LedgerCall; readonly generation: Generation } | undefined;
  stats(): Stats;
  /** Resolves when the condition holds; it is looked at after each change. Rejects after `timeoutMs`. */
  until(condition: () => boolean, timeoutMs: number): Promise<void>;
  reset(): void;
}

type Entry = { -readonly [Key in keyof LedgerCall]: LedgerCall[Key] } & {
  bodyBytes: number;
  generation: Generation | null;
};

/** Bytes of bodies that are kept at most. */
const MAX_BODY_BYTES = 128 * 1024 * 1024;

/** Opens a ledger of the newest `limit` calls, with at most 128 MiB of bodies. */
export function createLedger(limit: number): Ledger {
  const entries = new Map<number, Entry>();
  const byGeneration = new Map<string, Entry>();
  const watchers = new Set<() => void>();
  const counters = createCounters();
  let lastId = 0;
  let keptBytes = 0;

  const changed = () => {
    for (const watcher of watchers) watcher();
  };
  const forget = (entry: Entry) => {
    entries.delete(entry.id);
    keptBytes -= entry.bodyBytes;
    if (entry.generationId !== null) byGeneration.delete(entry.generationId);
  };
  const makeRoom = () => {
    for (const entry of entries.values()) {
      if (entries.size <= limit && keptBytes <= MAX_BODY_BYTES) return;
      forget(entry);
    }
  };

  return {
    open(call, bodyBytes) {
      const entry: Entry = {
        ...call,
        id: ++lastId,
        fault: null,
        generationId: null,
        generation: null,
        state: "received",
        status: null,
        tokensSent: 0,
        receivedAt: Date.now(),
        firstByteAt: null,
        endedAt: null,
        bodyBytes,
      };
      entries.set(entry.id, entry);
      keptBytes += bodyBytes;
      makeRoom();
      const count = counters.open(entry);
      changed();
      return {
        id: entry.id,
        played(fault) {
          entry.fault = fault;
          changed();
        },
        generated(generation) {
          entry.generationId = generation.id;
          entry.generation = generation;
          byGeneration.set(generation.id, entry);
          count.cost(generation.costUsd);
        },
        responding(status) {
          entry.status = status;
          entry.firstByteAt = Date.now();
          entry.state = "streaming";
          changed();
        },
        sent(tokens) {
          entry.tokensSent += tokens;
          count.sent(tokens);
          changed();
        },
        end(state) {
          if (entry.endedAt !== null) return;
          entry.endedAt = Date.now();
          entry.state = state;
          count.end(state);
          changed();
        },
      };
    },
    calls: (filter = {}) => [...entries.values()].filter((entry) => fits(entry, filter)).map(shown),
    generation(id) {
      const entry = byGeneration.get(id);
      return entry?.generation ? { call: shown(entry), generation: entry.generation } : undefined;
    },
    stats: () => counters.stats(),
    until: (condition, timeoutMs) =>
      new Promise((resolve, reject) => {
        const stop = (act: () => void) => {
          watchers.delete(look);
          clearTimeout(timer);
          act();
        };
        const look = () => {
          try {
            if (condition()) stop(resolve);
          } catch (error) {
            stop(() => reject(error instanceof Error ? error : new Error(String(error))));
          }
        };
        const timer = setTimeout(() => {
          const states = [...entries.values()]
            .map(({ id, model, state }) => `${id} ${model} ${state}`)
            .slice(-20);
          stop(() => reject(new Error(`not within ${timeoutMs} ms; the last calls: ${states.join(", ")}`)));
        }, timeoutMs);
        watchers.add(look);
        look();
      }),
    reset() {
      entries.clear();
      byGeneration.clear();
      counters.reset();
      lastId = 0;
      keptBytes = 0;
      changed();
    },
  };
}

function fits(entry: Entry, filter: LedgerFilter): boolean {
  return (
    (filter.provider === undefined || entry.provider === filter.provider) &&
    (filter.endpoint === undefined || entry.endpoint === filter.endpoint) &&
    (filter.model === undefined || entry.model === filter.model) &&
    (filter.state === undefined || entry.state === filter.state) &&
    (filter.after === undefined || entry.id > filter.after)
  );
}

function shown({ bodyBytes: _, generation: __, ...call }: Entry): LedgerCall {
  return call;
}

/** The states in which a call is not over. */
export const OPEN_STATES: readonly CallState[] = ["received", "streaming"];
