import type { LedgerCall, ModelStats, Stats } from "./call.js";

/** The counting of one call. */
export interface CallCount {
  sent(tokens: number): void;
  cost(usd: number): void;
  end(state: "finished" | "aborted" | "failed"): void;
}

/** Counts that go on when calls leave the ledger. */
export interface Counters {
  open(call: Pick<LedgerCall, "endpoint" | "model">): CallCount;
  stats(): Stats;
  reset(): void;
}

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** Models that are counted by name; further ones count in the sums alone. */
const MAX_MODELS = 1_000;

/** Starts to count at 0. */
export function createCounters(): Counters {
  let totals = { ...none(), costUsd: 0 };
  let models = new Map<string, Mutable<ModelStats>>();
  return {
    open({ endpoint, model }) {
      // A call that outlives a reset must not change the new counts.
      const [sum, own] = [
        totals,
        endpoint === "chat" || endpoint === "completions" ? ofModel(models, model) : undefined,
      ];
      begin(sum);
      if (own) begin(own);
      return {
        sent(tokens) {
          sum.tokensSent += tokens;
          if (own) own.tokensSent += tokens;
        },
        cost(usd) {
          sum.costUsd += usd;
        },
        end(state) {
          end(sum, state);
          if (own) end(own, state);
        },
      };
    },
    stats: () => ({
      ...totals,
      models: Object.fromEntries([...models].map(([model, counts]) => [model, { ...counts }])),
    }),
    reset() {
      totals = { ...none(), costUsd: 0 };
      models = new Map();
    },
  };
}

function ofModel(models: Map<string, Mutable<ModelStats>>, model: string): Mutable<ModelStats> | undefined {
  const known = models.get(model);
  if (known !== undefined || models.size >= MAX_MODELS) return known;
  const counts = none();
  models.set(model, counts);
  return counts;
}

function begin(counts: Mutable<ModelStats>): void {
  counts.received += 1;
  counts.inFlight += 1;
  counts.peakInFlight = Math.max(counts.peakInFlight, counts.inFlight);
}

function end(counts: Mutable<ModelStats>, state: "finished" | "aborted" | "failed"): void {
  counts.inFlight -= 1;
  counts[state] += 1;
}

function none(): Mutable<ModelStats> {
  return {
    received: 0,
    inFlight: 0,
    peakInFlight: 0,
    finished: 0,
    aborted: 0,
    failed: 0,
    tokensSent: 0,
  };
}
