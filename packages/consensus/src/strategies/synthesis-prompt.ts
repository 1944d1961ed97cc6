import { conversationText, textMessage } from "../run/message-text.js";
import { fenced } from "../text/fenced.js";
import { shownAnswer } from "../text/shown-answer.js";
import { labelled } from "./labels.js";
import { synthesis1 } from "./prompts/synthesis-1.js";
import type { AggregationInput, Answer, Prompt } from "./strategy.js";

/**
 * The question to the aggregator. With messages of the preset: its context, one system message `Aggregated responses:`
 * with the answers, its prompt, and nothing else. Without: the shipped prompt, which shows the conversation too.
 *
 * No answer names its model. Two prompts of the same seed that differ in one answer differ in its JSON string alone,
 * the nonce aside.
 */
export function synthesisPrompt(input: AggregationInput, answers: readonly Answer[]): Prompt {
  const { context = [], prompt = [], sampling = {} } = input.aggregator ?? {};
  const listed = labelled(answers, input.seed)
    .map(({ label, answer }) => `${label}:\n${fenced(shownAnswer(answer.text), input.nonce)}`)
    .join("\n\n");
  if (context.length + prompt.length > 0) {
    const answersMessage = textMessage("system", `Aggregated responses:\n${listed}`);
    return {
      to: "aggregator",
      messages: [...context, answersMessage, ...prompt],
      sampling,
      version: "preset",
    };
  }
  const question = `Conversation:\n${fenced(conversationText(input.conversation), input.nonce)}`;
  return {
    to: "aggregator",
    messages: [
      textMessage("system", synthesis1.instructions),
      textMessage("user", [question, listed, synthesis1.reply].join("\n\n")),
    ],
    sampling,
    version: synthesis1.version,
  };
}
