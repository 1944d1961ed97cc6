import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStores, type RunStore, type Stores } from "@synod/run-store";
import { createLogger, createMetrics } from "@synod/telemetry";

/** Opens stores in an embedded database of their own, which is deleted with them. */
export async function openEmbeddedStores(): Promise<Stores> {
  const dataDir = mkdtempSync(join(tmpdir(), "synod-gateway-"));
  const stores = await openStores({
    dataDir,
    history: { enabled: true, retentionDays: 30 },
    logger: createLogger({ level: "silent", service: "test" }),
    metrics: createMetrics({ service: "test" }),
  });
  return {
    ...stores,
    async [Symbol.asyncDispose]() {
      await stores[Symbol.asyncDispose]();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A store some of whose parts are others. */
export function changedRuns(runs: RunStore, changes: Partial<RunStore>): RunStore {
  const bound: RunStore = {
    begin: (run) => runs.begin(run),
    read: (runId) => runs.read(runId),
    about: (runId, owner) => runs.about(runId, owner),
    find: (runId, owner) => runs.find(runId, owner),
    list: (query) => runs.list(query),
    tail: (runId, options) => runs.tail(runId, options),
    findTwin: (twin) => runs.findTwin(twin),
    cancel: (runId, owner) => runs.cancel(runId, owner),
  };
  return { ...bound, ...changes };
}

/** Stores of which it is known how many follow a run. */
export function countedFollowers(stores: Stores): { readonly stores: Stores; readonly count: () => number } {
  let followers = 0;
  const runs = changedRuns(stores.runs, {
    async *tail(runId, options) {
      followers += 1;
      try {
        yield* stores.runs.tail(runId, options);
      } finally {
        followers -= 1;
      }
    },
  });
  return { stores: { ...stores, runs }, count: () => followers };
}
