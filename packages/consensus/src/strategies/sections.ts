import { conversationText } from "../run/message-text.js";
import { fenced } from "../text/fenced.js";
import { shownAnswer } from "../text/shown-answer.js";
import type { LabelledAnswer } from "./labels.js";
import type { AggregationInput } from "./strategy.js";

/** The caller's conversation as a prompt shows it. */
export function conversationSection({ conversation, nonce }: AggregationInput): string {
  return section("Conversation", conversationText(conversation), nonce);
}

/** Answers as a prompt shows them: each under its label, cut at 32,000 characters. */
export function answersSection(answers: readonly LabelledAnswer[], { nonce }: AggregationInput): string {
  return answers.map(({ label, answer }) => section(label, shownAnswer(answer.text), nonce)).join("\n\n");
}

/** A text as data under a label. */
export function section(label: string, text: string, nonce: string): string {
  return `${label}:\n${fenced(text, nonce)}`;
}
