import type { AggregationInput, Prompt, Reply, Strategy } from "@synod/consensus";

const probe = "probe";

/**
 * Whether the strategy's answer will be what comes back for these prompts, word for word, so that it may be streamed
 * as it is written.
 *
 * A strategy is pure, so it can be asked in advance what it would make of a reply.
 */
export function isLastQuestion(
  strategy: Strategy,
  input: AggregationInput,
  replies: readonly Reply[],
  prompts: readonly Prompt[],
): boolean {
  if (prompts.length !== 1) return false;
  const next = strategy.next(input, [...replies, { status: "answered", text: probe }]);
  return "outcome" in next && next.outcome.text === probe;
}
