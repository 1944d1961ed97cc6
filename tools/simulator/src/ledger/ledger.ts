import type { FaultKind } from "../faults/registry.js";
import type { LedgerCall, LedgerFilter, Stats } from "./call.js";
import { parsed } from "../minds/given-texts.js";
import { createCounters } from "./counters.js";

/** What is known of a call when it comes. */
export type ReceivedCall = Pick<
  LedgerCall,
  "provider" | "endpoint" | "method" | "path" | "model" | "stream" | "headers" | "key"
> & {
  /** The body as it came; empty without one. */
  readonly bodyText: string;
};

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
  open(call: ReceivedCall): CallRecord;
  calls(filter?: LedgerFilter): LedgerCall[];
  generation(id: string): { readonly call: LedgerCall; readonly generation: Generation } | undefined;
  stats(): Stats;
  /** Resolves when the condition holds; it is looked at after each change. Rejects after `timeoutMs`. */
  until(condition: () => boolean, timeoutMs: number): Promise<void>;
  reset(): void;
}

// Bodies are kept as text and parsed when they are looked at: thousands of parsed ones would keep the collector busy.
type Entry = { -readonly [Key in keyof Omit<LedgerCall, "body">]: LedgerCall[Key] } & {
  readonly bodyText: string;
  generation: Generation | null;
};

/** Characters of bodies that are kept at most. */
const MAX_BODY_CHARS = 128 * 1024 * 1024;

/** Opens a ledger of the newest `limit` calls, with at most 128 Mi characters of bodies. */
export function createLedger(limit: number): Ledger {
  // A ring: the entry of an id stands at the id's remainder.
  const ring = new Array<Entry | undefined>(limit);
  const watchers = new Set<() => void>();
  const counters = createCounters();
  let lastId = 0;
  let oldestId = 1;
  let keptChars = 0;

  const changed = () => {
    for (const watcher of watchers) watcher();
  };
  const kept = () => {
    const entries: Entry[] = [];
    for (let id = oldestId; id <= lastId; id++) {
      const entry = ring[id % limit];
      if (entry !== undefined) entries.push(entry);
    }
    return entries;
  };
  const forgetOldest = () => {
    const entry = ring[oldestId % limit];
    ring[oldestId % limit] = undefined;
    oldestId += 1;
    keptChars -= entry?.bodyText.length ?? 0;
  };

  return {
    open(call) {
      if (lastId - oldestId + 1 >= limit) forgetOldest();
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
      };
      ring[entry.id % limit] = entry;
      keptChars += call.bodyText.length;
      while (keptChars > MAX_BODY_CHARS && oldestId < lastId) forgetOldest();
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
    calls: (filter = {}) =>
      kept()
        .filter((entry) => fits(entry, filter))
        .map(shown),
    generation(id) {
      const entry = kept().findLast(({ generationId }) => generationId === id);
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
          const states = kept()
            .map(({ id, model, state }) => `${id} ${model} ${state}`)
            .slice(-20);
          stop(() => reject(new Error(`not within ${timeoutMs} ms; the last calls: ${states.join(", ")}`)));
        }, timeoutMs);
        watchers.add(look);
        look();
      }),
    reset() {
      ring.fill(undefined);
      counters.reset();
      lastId = 0;
      oldestId = 1;
      keptChars = 0;
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

function shown({ bodyText, generation: _, ...call }: Entry): LedgerCall {
  return {
    ...call,
    get body() {
      return parsed(bodyText) ?? null;
    },
  };
}
