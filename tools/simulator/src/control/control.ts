import type { FaultRule } from "../faults/schedule.js";
import type { LedgerCall, LedgerFilter, Stats } from "../ledger/call.js";
import type { SimulatorContext } from "../server/context.js";

/** What a test does with a simulator beside calling it. `POST /control/…` does the same over HTTP. */
export interface SimulatorControl {
  /**
   * Replaces the script of faults. For each call the first rule that fits is played; every rule counts the calls that
   * fit it. An empty list ends all faults. Throws a ZodError that names every mistake.
   */
  setFaults(rules: readonly FaultRule[]): void;
  /** The calls so far, oldest first; at most the newest `ledgerLimit`. */
  ledger(filter?: LedgerFilter): LedgerCall[];
  stats(): Stats;
  /**
   * Resolves when the condition holds. It is looked at after each change of the ledger. Rejects after `timeoutMs`
   * (default 5,000) and says how the last calls are.
   */
  until(condition: () => boolean, timeoutMs?: number): Promise<void>;
  /** Forgets calls, counts, faults and what was asked before. Calls that are open go on and are no longer listed. */
  reset(): void;
  /** Closes the port and every connection: a client gets ECONNREFUSED until `acceptConnections`. */
  refuseConnections(): Promise<void>;
  /** Opens the same port again. */
  acceptConnections(): Promise<void>;
}

/** The part of the control that needs no server. */
export function createControl(
  context: SimulatorContext,
): Omit<SimulatorControl, "refuseConnections" | "acceptConnections"> {
  const { schedule, ledger, mind, limits } = context;
  return {
    setFaults: (rules) => schedule.set(rules),
    ledger: (filter) => ledger.calls(filter),
    stats: () => ledger.stats(),
    until: (condition, timeoutMs = 5_000) => ledger.until(condition, timeoutMs),
    reset() {
      schedule.set([]);
      ledger.reset();
      mind.reset();
      limits.reset();
    },
  };
}
