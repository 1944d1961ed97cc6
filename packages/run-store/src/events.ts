import type { Logger, Metrics } from "@synod/telemetry";
import type { StorageError } from "./storage-error.js";

/** Why a run is not in the history, or not to its end. `full`: too much waited to be stored. */
export type DropReason = "full" | "refused" | "stopping";

/** Names everything that the stores measure and log. */
export interface StoreEvents {
  /** Everything is open. */
  opened(place: string): void;
  /** Writing has begun to fail, or fails in another way. Told once. */
  storageFailed(error: StorageError): void;
  /** Writing works again. */
  storageRecovered(place: string): void;
  /** A run is not in the history, or not to its end. It goes on all the same. */
  runDropped(runId: string, reason: DropReason, error?: unknown): void;
  /** So many events wait to be stored. */
  eventsWaiting(count: number): void;
  /** This process was not heard of for so long that others took it for dead. */
  heardLate(silentMs: number): void;
  /** What should have been stored after an answer is lost. */
  taskLost(what: string, error: unknown): void;
  /** Something regular failed. It is tried again. */
  upkeepFailed(error: unknown): void;
  /** What was too old is gone. */
  swept(runs: number): void;
}

/** Makes the metrics and log lines of the stores. No line holds a prompt, an answer, a key or a password. */
export function createStoreEvents(logger: Logger, metrics: Metrics): StoreEvents {
  const up = metrics.gauge("synod_storage_up", "1 while what must be kept can be stored, else 0.");
  const errors = metrics.counter("synod_storage_errors_total", "How often storing began to fail.", [
    "problem",
  ]);
  const dropped = metrics.counter(
    "synod_history_dropped_runs_total",
    "Runs that are not wholly in the history.",
    ["reason"],
  );
  const waiting = metrics.gauge("synod_history_waiting_events", "Events of runs that wait to be stored.");
  const lost = metrics.counter(
    "synod_storage_lost_total",
    "Results that could not be stored after an answer.",
  );
  up.set(1);
  return {
    opened: (place) => logger.info({ place }, "what is kept is open"),
    storageFailed(error) {
      up.set(0);
      errors.inc({ problem: error.problem });
      logger.error({ err: error, place: error.place, problem: error.problem }, "storing fails");
    },
    storageRecovered(place) {
      up.set(1);
      logger.info({ place }, "storing works again");
    },
    runDropped(runId, reason, error) {
      dropped.inc({ reason });
      logger.warn({ run_id: runId, reason, ...(error !== undefined && { err: error }) }, "run not kept");
    },
    eventsWaiting: (count) => waiting.set(count),
    heardLate: (silentMs) =>
      logger.warn(
        { silent_ms: Math.round(silentMs) },
        "this process was silent for so long that others took it for dead",
      ),
    taskLost(what, error) {
      lost.inc();
      logger.error({ err: error, what }, "a result could not be stored");
    },
    upkeepFailed: (error) => logger.warn({ err: error }, "upkeep of the database failed; it is tried again"),
    swept: (runs) => logger.info({ runs }, "old runs deleted"),
  };
}
