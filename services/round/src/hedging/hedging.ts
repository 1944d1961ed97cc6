import type { RunSpec } from "@synod/consensus";
import type { RoundEvents } from "../events.js";
import { HedgeBudget } from "./hedge-budget.js";
import { Latencies } from "./latencies.js";

/** What the round service remembers of calls, to know which to make twice. One for each process. */
export interface Hedging {
  /** After how many milliseconds a call of this model is hedged. Undefined: not at all. */
  afterMs(rule: RunSpec["hedgeAfterMs"], model: string): number | undefined;
  /** A member is asked. */
  called(): void;
  /** A model took so long for an answer, or was not waited for any longer. */
  took(model: string, latencyMs: number): void;
  /** Takes the leave to hedge one call. False when there is none. */
  take(): boolean;
}

/** Begins with nothing known. */
export function createHedging(events: RoundEvents): Hedging {
  const latencies = new Latencies();
  const budget = new HedgeBudget();
  return {
    afterMs: (rule, model) => (rule === "p95" ? latencies.p95(model) : (rule ?? undefined)),
    called: () => budget.called(),
    took: (model, latencyMs) => latencies.note(model, latencyMs),
    take() {
      const leave = budget.take();
      if (!leave) events.hedges.inc({ result: "refused" });
      return leave;
    },
  };
}
