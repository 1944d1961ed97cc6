import { finalAnswers } from "../bank/final-answer.js";
import type { CompletionRequest, WireMessage } from "../wire/request.js";
import { givenTexts, parsed } from "./given-texts.js";
import type { GivenText } from "./given-texts.js";

/** What a conversation wants of a model. */
export type Task =
  | { readonly kind: "answer"; readonly question: string; readonly consensus?: string }
  | { readonly kind: "synthesise"; readonly texts: readonly string[] }
  | { readonly kind: "judge"; readonly question: string; readonly answer: string };

const CONSENSUS = "Consensus:";
const AGGREGATED = "Aggregated responses:";

/** The labels of answers in a prompt that wants one answer made of them: `Answer A`, `Answer B` and so on. */
const ANSWER_LABEL = /^(?:Answer|Response) [A-Z\d]{1,3}$/;

/** Reads what is asked from the form of the conversation, as a model would understand it from the words. */
export function readTask({ messages }: CompletionRequest): Task {
  const prompts = messages.filter(({ role }) => role !== "assistant");
  const given = prompts.flatMap(({ text }) => (text.includes("[[begin ") ? givenTexts(text) : []));
  return judgeTask(given) ?? synthesisTask(given, prompts) ?? answerTask(messages);
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

/** Several answers, each given as data; or joined in a message that begins with `Aggregated responses:`. */
function synthesisTask(given: readonly GivenText[], prompts: readonly WireMessage[]): Task | undefined {
  const answers = given.filter(({ label }) => ANSWER_LABEL.test(label));
  if (answers.length > 0) return { kind: "synthesise", texts: answers.map(({ text }) => text) };
  const message = prompts.find(({ text }) => text.trimStart().startsWith(AGGREGATED));
  return (
    message && { kind: "synthesise", texts: joinedAnswers(message.text.trimStart().slice(AGGREGATED.length)) }
  );
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
