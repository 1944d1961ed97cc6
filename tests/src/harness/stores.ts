import { openStores, type Stores } from "@synod/run-store";
import { createLogger, createMetrics } from "@synod/telemetry";

/** Where a deployment keeps things. */
export type StoresPlace = { readonly dataDir: string } | { readonly databaseUrl: string };

/** Opens what a deployment keeps, beside it or after it. `aheadMs`: so much later than now, in SQLite. */
export function openBeside(place: StoresPlace, aheadMs = 0): Promise<Stores> {
  const after = (ms: number, task: () => void) => {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  };
  return openStores({
    dataDir: "",
    ...place,
    history: { enabled: true, retentionDays: 30 },
    logger: createLogger({ level: "silent", service: "test" }),
    metrics: createMetrics({ service: "test" }),
    ...(aheadMs > 0 && {
      clock: { now: () => Date.now() + aheadMs, elapsed: () => performance.now(), after },
    }),
  });
}
