import type { ReplyForm } from "../replies/json-reply.js";
import { jsonSampling } from "../replies/json-sampling.js";
import type { LabelledAnswer } from "./labels.js";
import { answersSection, conversationSection } from "./sections.js";
import { type ShippedPrompt, shippedMessages } from "./shipped-prompt.js";
import type { AggregationInput, Prompt } from "./strategy.js";

/**
 * A question about the conversation and some answers whose reply is JSON. The preset's own messages are not in it: they
 * say how to write an answer, and none is written here.
 */
export function jsonPrompt<T extends object>(
  input: AggregationInput,
  to: Prompt["to"],
  shipped: ShippedPrompt,
  answers: readonly LabelledAnswer[],
  form: ReplyForm<T>,
): Prompt {
  return {
    to,
    messages: shippedMessages(shipped, [conversationSection(input), answersSection(answers, input)]),
    sampling: jsonSampling(form.name, JSON.stringify(form.schema)),
    version: shipped.version,
  };
}
