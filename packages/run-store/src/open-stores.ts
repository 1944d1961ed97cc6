import type { Logger, Metrics } from "@synod/telemetry";
import { SqlBudgetStore } from "./budgets/sql-budget-store.js";
import { type Clock, systemClock } from "./clock.js";
import { migrate } from "./database/migrate.js";
import { openDatabase } from "./database/open-database.js";
import { watchWrites } from "./database/watch-writes.js";
import { createStoreEvents } from "./events.js";
import { SqlIdempotencyStore } from "./idempotency/sql-idempotency-store.js";
import { SqlKeyStore } from "./keys/sql-key-store.js";
import { Later } from "./later.js";
import { ProcessLease } from "./process/process-lease.js";
import { createMemoryRunStore } from "./runs/memory-run-store.js";
import { RunWriter, type WriterLimits } from "./runs/run-writer.js";
import { SqlRunStore } from "./runs/sql-run-store.js";
import type { Stores } from "./stores.js";
import { Upkeep } from "./upkeep/upkeep.js";

/** Where and how things are kept. */
export interface StoresOptions {
  /** The folder of the embedded database, in which `synod.db` is made. Not used with `databaseUrl`. */
  readonly dataDir: string;
  /** `postgres://…`. Secret. The embedded database when unset. */
  readonly databaseUrl?: string | undefined;
  readonly history: {
    /** Whether runs are stored. Otherwise the newest are kept in memory. */
    readonly enabled: boolean;
    /** Days after which a stored run is deleted. */
    readonly retentionDays: number;
  };
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** For tests: it is the database's clock too. Unset: the machine's, and PostgreSQL's own. */
  readonly clock?: Clock;
  /** How many events may wait to be stored. */
  readonly limits?: WriterLimits;
}

/**
 * Opens what is kept, and makes it where it is missing.
 *
 * @throws StorageError when that is not possible. It names the file or the host and says what to do.
 */
export async function openStores(options: StoresOptions): Promise<Stores> {
  const { clock = systemClock, history } = options;
  const events = createStoreEvents(options.logger, options.metrics);
  const { dataDir, databaseUrl } = options;
  const opened = await openDatabase({
    dataDir,
    databaseUrl,
    clock,
    now: options.clock?.now,
    prepare: migrate,
  });
  const database = watchWrites(opened, events);
  const lease = await startLease({ database, clock, events });
  const later = new Later(lease, events);
  const { processId } = lease;
  const writer = new RunWriter({ database, processId, clock, events, now: clock.now }, options.limits);
  const upkeep = new Upkeep({ database, clock, events, retentionDays: history.retentionDays });
  const kept = history.enabled ? new SqlRunStore({ database, lease, writer }) : undefined;
  const close = async (): Promise<void> => {
    kept?.[Symbol.dispose]();
    await upkeep[Symbol.asyncDispose]();
    await writer[Symbol.asyncDispose]();
    await later.end();
    await lease[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  };
  events.opened(database.place);
  let closed: Promise<void> | undefined;
  return {
    runs: kept ?? createMemoryRunStore({ clock }),
    idempotency: new SqlIdempotencyStore({ database, lease, later }),
    keys: new SqlKeyStore(database, clock),
    budgets: new SqlBudgetStore({ database, lease, later }),
    place: database.place,
    checkWritable: () => database.checkWritable(),
    [Symbol.asyncDispose]: () => (closed ??= close()),
  };
}

async function startLease(deps: Parameters<typeof ProcessLease.start>[0]): Promise<ProcessLease> {
  try {
    return await ProcessLease.start(deps);
  } catch (error) {
    await deps.database[Symbol.asyncDispose]();
    throw error;
  }
}
