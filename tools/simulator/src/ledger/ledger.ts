import type { LedgerCall, LedgerFilter, Stats } from "./call.js";
import { createCounters } from "./counters.js";
import { CallEntry } from "./entry.js";
import type { Generation, ReceivedCall } from "./entry.js";

/** The record of every call. */
export interface Ledger {
  open(call: ReceivedCall): CallEntry;
  calls(filter?: LedgerFilter): LedgerCall[];
  generation(id: string): { readonly call: LedgerCall; readonly generation: Generation } | undefined;
  stats(): Stats;
  /** Resolves when the condition holds; it is looked at after each change. Rejects after `timeoutMs`. */
  until(condition: () => boolean, timeoutMs: number): Promise<void>;
  reset(): void;
}

/** Characters of bodies that are kept at most. */
const MAX_BODY_CHARS = 32 * 1024 * 1024;

/** Opens a ledger of the newest `limit` calls, with at most 32 Mi characters of bodies. */
export function createLedger(limit: number): Ledger {
  // A ring: the entry of an id stands at the id's remainder.
  const ring = new Array<CallEntry | undefined>(limit);
  const watchers = new Set<() => void>();
  const counters = createCounters();
  let lastId = 0;
  let oldestId = 1;
  let keptChars = 0;

  const changed = () => {
    if (watchers.size === 0) return;
    for (const watcher of watchers) watcher();
  };
  const kept = () => {
    const entries: CallEntry[] = [];
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
      lastId += 1;
      const entry = new CallEntry(lastId, call, counters.open(call), changed);
      ring[lastId % limit] = entry;
      keptChars += call.bodyText.length;
      while (keptChars > MAX_BODY_CHARS && oldestId < lastId) forgetOldest();
      changed();
      return entry;
    },
    calls: (filter = {}) =>
      kept()
        .filter((entry) => fits(entry, filter))
        .map((entry) => entry.shown()),
    generation(id) {
      const entry = kept().findLast(({ generation }) => generation?.id === id);
      return entry?.generation ? { call: entry.shown(), generation: entry.generation } : undefined;
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
          const states = kept().map(({ id, model, state }) => `${id} ${model} ${state}`);
          const last = states.slice(-20).join(", ");
          stop(() => reject(new Error(`not within ${timeoutMs} ms; the last calls: ${last}`)));
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

function fits(entry: CallEntry, filter: LedgerFilter): boolean {
  return (
    (filter.provider === undefined || entry.provider === filter.provider) &&
    (filter.endpoint === undefined || entry.endpoint === filter.endpoint) &&
    (filter.model === undefined || entry.model === filter.model) &&
    (filter.state === undefined || entry.state === filter.state) &&
    (filter.after === undefined || entry.id > filter.after)
  );
}
