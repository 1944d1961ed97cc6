import type { Answer, Vote } from "../strategies/strategy.js";
import { TRUNCATED_SHARE } from "../voting/weighted.js";
import type { ToolCall } from "../run/conversation.js";
import { clusterTexts } from "./cluster.js";
import type { AbstentionReason } from "./abstention.js";
import { type AnswerKind, extractAnswer, type Extraction } from "./extract.js";
import { markedAnswer } from "./final-answer.js";
import type { AnswerFormat } from "./format.js";
import { NO_CALL, toolCallsKey } from "./tool-calls.js";

/** What one answer votes for. */
export interface Ballot extends Vote {
  /** What the key is the key of. Null when the answer abstained. */
  readonly kind: AnswerKind | null;
  /** Why it has no vote. Null when it has one. */
  readonly abstained: AbstentionReason | null;
  /** Whether the answer is cut, so that its vote weighs half. */
  readonly truncated: boolean;
  /** The probability that the voter is right, 0 to 1, when known. */
  readonly accuracy?: number;
}

/**
 * Reads from each answer what it votes for. One ballot for each answer, in their order, which changes nothing else.
 *
 * Texts (`text`, and in `auto` those without a number or option) get one key for all that say the same. Where calls of
 * tools vote, all texts have one key together.
 */
export function castBallots(answers: readonly Answer[], format: AnswerFormat): readonly Ballot[] {
  const ballots = answers.map((answer) => ballotOf(answer, format));
  const texts = answers
    .filter((_, i) => ballots[i]?.kind === "text")
    .map((a) => markedAnswer(a.text) ?? a.text);
  if (texts.length === 0) return ballots;
  const keys = clusterTexts(texts)[Symbol.iterator]();
  return ballots.map((ballot) => {
    if (ballot.kind !== "text") return ballot;
    const { value: answerKey = ballot.answerKey } = keys.next();
    return { ...ballot, answerKey };
  });
}

/** Whether at least one answer votes and all that vote say the same. */
export function isUnanimous(votes: readonly Vote[]): boolean {
  return new Set(votes.filter((vote) => vote.counted).map((vote) => vote.answerKey)).size === 1;
}

function ballotOf(answer: Answer, format: AnswerFormat): Ballot {
  const { toolCalls, text } = answer;
  return ballotFor(
    answer,
    toolCalls === undefined ? extractAnswer(text, format) : extractCalls(toolCalls, text),
  );
}

/** The ballot of an answer that was read. */
export function ballotFor(
  answer: Answer,
  extraction: Extraction | { readonly abstained: AbstentionReason },
): Ballot {
  const { voter, truncated, accuracy } = answer;
  const weight = truncated ? answer.weight * TRUNCATED_SHARE : answer.weight;
  const common = { voter, weight, truncated, ...(accuracy !== undefined && { accuracy }) };
  return "key" in extraction
    ? { ...common, answerKey: extraction.key, counted: true, kind: extraction.kind, abstained: null }
    : { ...common, answerKey: "", counted: false, kind: null, abstained: extraction.abstained };
}

function extractCalls(
  calls: readonly ToolCall[],
  text: string,
): Extraction | { readonly abstained: AbstentionReason } {
  if (calls.length === 0)
    return text.trim() === "" ? { abstained: "empty" } : { key: NO_CALL, kind: "exact" };
  const key = toolCallsKey(calls);
  return key === null ? { abstained: "no_arguments" } : { key, kind: "tool_calls" };
}
