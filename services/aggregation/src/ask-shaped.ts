import { create } from "@bufbuild/protobuf";
import { addUsage, withoutShape } from "@synod/consensus";
import { type AggregatorCalled, AggregatorCalledSchema } from "@synod/contracts/aggregation";
import type { Usage } from "@synod/contracts/model";
import { fromProtoUsage, toProtoUsage } from "@synod/mapping";
import { type Asked, ask, type Question } from "./ask.js";

/**
 * Asks for a whole answer; again without a shape of reply if the provider refuses to be asked for one. Both are one call
 * of the aggregation, with the upstream calls and the usage of both.
 *
 * @throws What the client threw, when the call as a whole was ended.
 */
export async function askShaped(question: Question): Promise<Asked> {
  const first = await ask(question);
  const isShaped = question.prompt.sampling.responseFormat !== undefined;
  if (!isShaped || first.failure?.reason !== "upstream_rejected") return first;
  const again = await ask({ ...question, prompt: withoutShape(question.prompt) });
  return { ...again, called: joined(first.called, again.called) };
}

function joined(first: AggregatorCalled, again: AggregatorCalled): AggregatorCalled {
  return create(AggregatorCalledSchema, {
    ...again,
    usage: sumOf(first.usage, again.usage),
    attempts: first.attempts + again.attempts,
    latencyMs: first.latencyMs + again.latencyMs,
  });
}

function sumOf(a: Usage | undefined, b: Usage | undefined): Usage | undefined {
  return a === undefined || b === undefined
    ? (a ?? b)
    : toProtoUsage(addUsage(fromProtoUsage(a), fromProtoUsage(b)));
}
