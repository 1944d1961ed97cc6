import { textMessage } from "../run/message-text.js";
import type { LabelledAnswer } from "./labels.js";
import { answersSection, conversationSection } from "./sections.js";
import { type ShippedPrompt, shippedMessages } from "./shipped-prompt.js";
import type { AggregationInput, Prompt } from "./strategy.js";

/**
 * The question to the aggregator that writes the answer. With messages of the preset: its context, one system message
 * `Aggregated responses:` with the answers, its prompt, and nothing else. Without: the shipped prompt, which shows the
 * conversation too.
 *
 * No answer names its model. Two prompts of the same seed that differ in one answer differ in its JSON string alone,
 * the nonce aside.
 *
 * @param more what is shown after the answers.
 */
export function writerPrompt(
  input: AggregationInput,
  shipped: ShippedPrompt,
  answers: readonly LabelledAnswer[],
  more: readonly string[] = [],
): Prompt {
  const { context = [], prompt = [], sampling = {} } = input.aggregator ?? {};
  const shown = [answersSection(answers, input), ...more];
  if (context.length + prompt.length > 0) {
    const answersMessage = textMessage("system", `Aggregated responses:\n${shown.join("\n\n")}`);
    return {
      to: "aggregator",
      messages: [...context, answersMessage, ...prompt],
      sampling,
      version: "preset",
    };
  }
  return {
    to: "aggregator",
    messages: shippedMessages(shipped, [conversationSection(input), ...shown]),
    sampling,
    version: shipped.version,
  };
}
