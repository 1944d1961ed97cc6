import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger, createMetrics, type Metrics } from "@synod/telemetry";
import { inject } from "vitest";
import type { Clock } from "../clock.js";
import { createMemoryStores } from "../memory-stores.js";
import { openStores, type StoresOptions } from "../open-stores.js";
import type { Stores } from "../stores.js";
import { newSchema } from "./global-setup.js";
import { createManualClock, type ManualClock } from "./manual-clock.js";

/** An empty place to keep things in. Disposing it closes the stores that were opened, and deletes it. */
export interface House extends AsyncDisposable {
  readonly clock: ManualClock;
  /** Opens it, as a process of its own. */
  open(options?: Partial<StoresOptions>): Promise<Stores>;
  /** Lines of the log of all that were opened. */
  readonly log: Record<string, unknown>[];
  readonly metrics: Metrics;
  /** What a database is opened with. */
  readonly place: Pick<StoresOptions, "dataDir" | "databaseUrl">;
}

/** A way to keep things. */
export interface HouseKind {
  readonly name: "memory" | "SQLite" | "PostgreSQL";
  /** Whether it can be tested on this machine. */
  readonly available: boolean;
  build(clock?: ManualClock): Promise<House>;
}

const postgresUrl = inject("postgresUrl");

/** A quiet logger whose lines are collected. */
export function createCollectedLog() {
  const log: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void log.push(JSON.parse(line)) };
  return { log, logger: createLogger({ level: "debug", service: "test", destination }) };
}

function houseIn(place: House["place"], clock: ManualClock): House {
  const opened: Stores[] = [];
  const { log, logger } = createCollectedLog();
  const metrics = createMetrics({ service: "test" });
  const history = { enabled: true, retentionDays: 30 };
  return {
    clock,
    log,
    metrics,
    place,
    async open(options = {}) {
      const stores = await openStores({ ...place, history, logger, metrics, clock, ...options });
      opened.push(stores);
      return stores;
    },
    async [Symbol.asyncDispose]() {
      for (const stores of opened) await stores[Symbol.asyncDispose]();
    },
  };
}

/** Those that several processes share. */
export const sharedHouses: readonly HouseKind[] = [
  {
    name: "SQLite",
    available: true,
    async build(clock = createManualClock()) {
      const dataDir = mkdtempSync(join(tmpdir(), "synod-store-"));
      const house = houseIn({ dataDir }, clock);
      return {
        ...house,
        async [Symbol.asyncDispose]() {
          await house[Symbol.asyncDispose]();
          rmSync(dataDir, { recursive: true, force: true });
        },
      };
    },
  },
  {
    name: "PostgreSQL",
    available: postgresUrl !== undefined,
    async build(clock = createManualClock()) {
      return houseIn({ dataDir: "", databaseUrl: await newSchema(String(postgresUrl)) }, clock);
    },
  },
];

/** All of them. */
export const houses: readonly HouseKind[] = [
  {
    name: "memory",
    available: true,
    async build(clock = createManualClock()) {
      const { log } = createCollectedLog();
      return {
        clock,
        log,
        metrics: createMetrics({ service: "test" }),
        place: { dataDir: "" },
        open: async (options: { readonly clock?: Clock } = {}) => createMemoryStores(options.clock ?? clock),
        async [Symbol.asyncDispose]() {},
      };
    },
  },
  ...sharedHouses,
];
