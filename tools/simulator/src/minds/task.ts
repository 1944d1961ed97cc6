import { finalAnswers } from "../bank/final-answer.js";
import type { CompletionRequest, WireMessage } from "../wire/request.js";
import { givenTexts, parsed } from "./given-texts.js";
import type { GivenText } from "./given-texts.js";

/** What a conversation wants of a model. */
export type Task =
  | { readonly kind: "answer"; readonly question: string; readonly consensus?: string }
  | { readonly kind: "synthesise"; readonly texts: readonly string[] }
  | {
      readonly kind: "pick" | "analyse" | "compare" | "rank";
      readonly question: string;
      readonly answers: readonly GivenText[];
    }
  | { readonly kind: "judge"; readonly question: string; readonly answer: string };

const CONSENSUS = "Consensus:";
const CONVERSATION = "Conversation";
const AGGREGATED = "Aggregated responses:";

/** The labels of answers in a prompt that wants one answer made of them: `Answer A`, `Answer B` and so on. */
const ANSWER_LABEL = /^(?:Answer|Response) [A-Z\d]{1,3}$/;

/** Reads what is asked from the form of the conversation, as a model would understand it from the words. */
export function readTask({ messages }: CompletionRequest): Task {
  const prompts = messages.filter(({ role }) => role !== "assistant");
  const given = prompts.flatMap(({ text }) => (text.includes("[[begin ") ? givenTexts(text) : []));
  const answers = given.filter(({ label }) => ANSWER_LABEL.test(label));
  return (
    judgeTask(given) ??
    appraisalTask(given, answers, prompts) ??
    referencesTask(given, answers, messages) ??
    synthesisTask(given, answers, prompts) ??
    answerTask(messages)
  );
}

/** How the last line of a prompt begins that wants JSON about answers. */
const FORMS = [
  ['{"most_consistent":', "pick"],
  ['{"consensus":', "analyse"],
  ['{"better":', "compare"],
  ['{"ranking":', "rank"],
] as const;

/** Answers to look at, and the form of the reply last. */
function appraisalTask(
  given: readonly GivenText[],
  answers: readonly GivenText[],
  prompts: readonly WireMessage[],
): Task | undefined {
  const last = lastUserText(prompts).split("\n").at(-1) ?? "";
  const kind = FORMS.find(([form]) => last.startsWith(form))?.[1];
  const conversation = given.find(({ label }) => label === CONVERSATION);
  if (kind === undefined || conversation === undefined || answers.length === 0) return undefined;
  return { kind, question: lastQuestion(conversation.text), answers };
}

/** A conversation as it is, and then answers to it as references for another. */
function referencesTask(
  given: readonly GivenText[],
  answers: readonly GivenText[],
  messages: readonly WireMessage[],
): Task | undefined {
  const last = messages.at(-1);
  if (answers.length === 0 || given.some(({ label }) => label === CONVERSATION)) return undefined;
  if (last?.role !== "user" || !last.text.includes("[[begin ")) return undefined;
  const question = lastUserText(messages.slice(0, -1));
  return { kind: "answer", question, consensus: answers.map(({ text }) => text).join("\n\n") };
}

/** One question and one answer. */
function judgeTask(given: readonly GivenText[]): Task | undefined {
  const question = given.find(({ label }) => label === "Question");
  const answer = given.find(({ label }) => label === "Answer");
  return question && answer && { kind: "judge", question: lastQuestion(question.text), answer: answer.text };
}

/** The last message of the user in a conversation that is given as a JSON list; any other text as it is. */
function lastQuestion(text: string): string {
  const turns = text.startsWith("[{") ? parsed(text) : undefined;
  if (!Array.isArray(turns)) return text;
  const last: unknown = turns.findLast((turn) => isTurn(turn) && turn.role === "user");
  return isTurn(last) ? last.content : text;
}

function isTurn(value: unknown): value is { readonly role: string; readonly content: string } {
  return (
    typeof value === "object" &&
    value !== null &&
    "role" in value &&
    "content" in value &&
    typeof value.content === "string"
  );
}

/**
 * Several answers, each given as data; or joined in a message that begins with `Aggregated responses:`. Of answers that
 * are given with their ranking, the first alone counts.
 */
function synthesisTask(
  given: readonly GivenText[],
  answers: readonly GivenText[],
  prompts: readonly WireMessage[],
): Task | undefined {
  const first = rankedFirst(given.find(({ label }) => label === "Ranking")?.text ?? "");
  const counted = answers.filter(({ label }) => label === first);
  if (answers.length > 0) {
    return { kind: "synthesise", texts: (counted.length > 0 ? counted : answers).map(({ text }) => text) };
  }
  const message = prompts.find(({ text }) => text.trimStart().startsWith(AGGREGATED));
  return (
    message && { kind: "synthesise", texts: joinedAnswers(message.text.trimStart().slice(AGGREGATED.length)) }
  );
}

/** The label that stands first in a ranking, a JSON list of `{"answer": label, …}`. */
function rankedFirst(ranking: string): string | undefined {
  const entries = parsed(ranking);
  const first: unknown = Array.isArray(entries) ? entries[0] : undefined;
  const hasLabel = typeof first === "object" && first !== null && "answer" in first;
  return hasLabel && typeof first.answer === "string" ? first.answer : undefined;
}

/** The answers of a text in which they are only joined: each ends with its final answer, or at an empty line. */
function joinedAnswers(text: string): string[] {
  const finals = finalAnswers(text);
  if (finals.length > 0) return finals.map((answer) => `Answer: ${answer}`);
  const parts = text
    .split(/\n[ \t]*\n/)
    .map((part) => part.trim().replace(/^[A-Z][a-z]{1,20} [A-Z\d]{1,3}:\s*/, ""));
  return parts.filter((part) => part !== "");
}

function answerTask(messages: readonly WireMessage[]): Task {
  const shown = consensusIndex(messages);
  const question = lastUserText(shown < 0 ? messages : messages.slice(0, shown));
  const consensus = shown < 0 ? undefined : messages[shown]?.text.trimStart().slice(CONSENSUS.length);
  return { kind: "answer", question, ...(consensus === undefined ? {} : { consensus }) };
}

/** Where the last consensus is shown, after at least one message of the user; -1 when nowhere. */
function consensusIndex(messages: readonly WireMessage[]): number {
  const asked = messages.findIndex(({ role }) => role === "user");
  const shown = messages.findLastIndex(({ text }) => text.trimStart().startsWith(CONSENSUS));
  return asked >= 0 && shown > asked ? shown : -1;
}

function lastUserText(messages: readonly WireMessage[]): string {
  return messages.findLast(({ role }) => role === "user")?.text ?? "";
}
