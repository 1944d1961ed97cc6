import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Usage } from "@synod/contracts/model";
import type { CallSizeSchema } from "@synod/contracts/provider";
import { invalid } from "../failure.js";
import type { Candidate, Plan, PlannedCall, PlannedStep } from "./plan.js";

/** How large a call is. */
export type CallSize = MessageInitShape<typeof CallSizeSchema>;
/** Says what calls may cost at most, in their order: `ProviderService.EstimateUsage`. */
export type Estimate = (calls: readonly CallSize[]) => Promise<readonly Usage[]>;

/** The most that a request may cost, in billionths of a US dollar. */
export interface Bound {
  readonly usdNanos: number;
  /** The most that one of its calls may cost. */
  readonly largestCallUsdNanos: number;
}

/** Bytes that the estimate counts as one token. A token has one byte at least, so that each byte is counted as one. */
const bytesPerToken = 4;

/**
 * The most that a request may cost: its plan at the prices that are known.
 *
 * A run with a budget of its own stops there, but for the step that reaches it.
 *
 * @throws SynodError `invalid_value` where that cannot be said: a model has no known price, or nothing says how much it
 * may write.
 */
export async function boundOf(plan: Plan, estimate: Estimate): Promise<Bound> {
  const costs = await costsOf(plan, estimate);
  const calls = plan.steps.flatMap((step) => step.calls);
  const largest = (call: PlannedCall): number =>
    Math.max(...call.candidates.map((candidate) => costs(candidate, call.inputBytes)));
  const once = ({ calls: made }: PlannedStep): number =>
    made.reduce((sum, call) => sum + call.times * largest(call), 0);
  const whole = plan.steps.reduce((sum, step) => sum + step.times * once(step), 0);
  const own = (plan.ownBudgetUsdNanos ?? Infinity) + Math.max(0, ...plan.steps.map(once));
  return { usdNanos: Math.min(whole, own), largestCallUsdNanos: Math.max(0, ...calls.map(largest)) };
}

type Costs = (candidate: Candidate, inputBytes: number) => number;

/** Asks for each call once, however often it may be made. */
async function costsOf({ steps }: Plan, estimate: Estimate): Promise<Costs> {
  const sizes = new Map<string, CallSize>();
  for (const { candidates, inputBytes } of steps.flatMap(({ calls }) => calls)) {
    for (const candidate of candidates)
      sizes.set(keyOf(candidate, inputBytes), sizeOf(candidate, inputBytes));
  }
  const usages = await estimate([...sizes.values()]);
  const byKey = new Map([...sizes.keys()].map((key, place) => [key, usages[place]]));
  return (candidate, inputBytes) => costOf(candidate, byKey.get(keyOf(candidate, inputBytes)));
}

function costOf({ model, maxOutputTokens }: Candidate, usage: Usage | undefined): number {
  const cost = usage?.costUsdNanos;
  if (cost === undefined && usage?.outputTokens === 0n && maxOutputTokens === undefined) {
    throw invalid(
      "max_tokens",
      `max_tokens: this key has a budget, and nothing says how much ${model} may write. Set it. ` +
        "A model of unknown price is refused all the same.",
    );
  }
  if (cost === undefined) {
    throw invalid(
      "model",
      `model: this key has a budget, and under a budget a model of unknown price is refused. Nobody says what ${model} costs.`,
    );
  }
  return Number(cost);
}

function sizeOf({ model, maxOutputTokens }: Candidate, inputBytes: number): CallSize {
  return {
    model,
    inputBytes: BigInt(inputBytes) * BigInt(bytesPerToken),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
  };
}

const keyOf = ({ model, maxOutputTokens }: Candidate, inputBytes: number): string =>
  `${inputBytes} ${maxOutputTokens ?? ""} ${model}`;
