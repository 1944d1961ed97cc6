import { type Ballot, castBallots } from "../answers/ballots.js";
import type { AnswerFormat } from "../answers/format.js";
import { offeredTools, type OfferedTools } from "../answers/offered-tools.js";
import { NO_CALL, runnableCalls } from "../answers/tool-calls.js";
import { compareByHash } from "../voting/stable-hash.js";
import { isTie } from "../voting/statistic.js";
import { shareOf, standings, sumOf } from "../voting/tally.js";
import { answerSchema } from "./answer-shape.js";
import { fieldsOutcome } from "./fields.js";
import { leaveOneOut } from "./leave-one-out.js";
import { pluralityOutcome } from "./plurality.js";
import type { AggregationInput, Answer, Outcome, Strategy, Vote } from "./strategy.js";
import { votesBy } from "./vote-outcome.js";

/**
 * The calls of tools that most voters want: votes are on the names and the arguments, whatever their order and however
 * they are written, and never on prose. Answers that call none vote together for calling none; when they win, the answer
 * is the text that most of them gave or, where a schema was asked for, what they agree on field by field. No model is
 * asked.
 *
 * A call of a tool that was not offered, or whose arguments are not of the tool's schema, has no vote. The calls of the
 * outcome are those of the winner's best-weighted answer, word for word. Where their arguments could not be checked, the
 * outcome says so.
 */
export const toolCalls: Strategy = {
  name: "tool_calls",
  needsModel: false,
  votes: true,
  statistic: "plurality",
  calls: () => [],
  next(input) {
    const { answers, answerFormat } = input;
    const sheets = new Map(sheetsOf(input).map((sheet, at) => [answers[at], sheet]));
    const decide = (some: readonly Answer[]): Outcome =>
      outcomeOf(
        some.flatMap((answer) => sheets.get(answer) ?? []),
        answerFormat,
      );
    const outcome = decide(answers);
    if (outcome.answerKey === "") return { outcome };
    if (outcome.toolCalls === undefined && answerSchema(input) !== null) {
      return { outcome: shapedOutcome([...sheets.values()], outcome, input) };
    }
    const share = ({ votes }: Outcome): number | null => shareOf(outcome.answerKey, votes);
    return { outcome: { ...outcome, contributions: leaveOneOut(answers, outcome, decide, share) } };
  },
};

/** An answer that was read. */
interface Sheet {
  /** With the calls that can be run. Where no tool was offered it is a text. */
  readonly answer: Answer;
  readonly ballot: Ballot;
  /** What could not be checked of its calls' arguments. */
  readonly unchecked: string | null;
}

function sheetsOf({ answers, toolsJson, answerFormat }: AggregationInput): readonly Sheet[] {
  const tools = offeredTools(toolsJson);
  const read = answers.map((answer) => votingAnswer(answer, tools));
  const ballots = castBallots(
    read.map(({ answer }) => answer),
    answerFormat,
  );
  return read.flatMap((sheet, at) => {
    const ballot = ballots[at];
    return ballot === undefined ? [] : [{ ...sheet, ballot }];
  });
}

function votingAnswer(
  { toolCalls: calls = [], ...answer }: Answer,
  tools: OfferedTools,
): Omit<Sheet, "ballot"> {
  const unchecked = null;
  if (tools === null) return { answer: calls.length === 0 ? answer : { ...answer, text: "" }, unchecked };
  const runnable = runnableCalls(calls, tools);
  return "reason" in runnable
    ? { answer: { ...answer, text: "", toolCalls: [] }, unchecked }
    : { answer: { ...answer, toolCalls: runnable.calls }, unchecked: runnable.unchecked };
}

function outcomeOf(sheets: readonly Sheet[], format: AnswerFormat): Outcome {
  const ballots = sheets.map(({ ballot }) => ballot);
  const all = standings(ballots);
  const tie = isTie("plurality", all) && { tieBroken: true };
  const [first] = all;
  if (
    first === undefined ||
    first.key === NO_CALL ||
    sheets.every(({ answer }) => !("toolCalls" in answer))
  ) {
    return { ...textOutcome(sheets, format), ...tie };
  }
  const votes = votesBy("plurality", ballots);
  const [best] = sheets
    .filter(({ ballot }) => ballot.counted && ballot.answerKey === first.key)
    .map(({ answer, ballot, unchecked }) => ({
      calls: answer.toolCalls ?? [],
      weight: ballot.weight,
      unchecked,
    }))
    .toSorted(
      (a, b) => b.weight - a.weight || compareByHash(JSON.stringify(a.calls), JSON.stringify(b.calls)),
    );
  return {
    text: "",
    answerKey: first.key,
    agreement: shareOf(first.key, votes),
    votes,
    promptVersion: "",
    aggregatorUnavailable: false,
    ...(best !== undefined && { toolCalls: best.calls }),
    ...(best?.unchecked != null && { formatProblem: best.unchecked }),
    ...tie,
  };
}

/**
 * The text that most of those gave who call no tool. The votes of the others stay what they are. Where none of them holds
 * what the format asks for, they are compared as texts: they have voted for calling none all the same.
 */
function textOutcome(sheets: readonly Sheet[], format: AnswerFormat): Outcome {
  const texts = sheets.filter(callsNone).map(textOf);
  const { contributions: _, ...outcome } = pluralityOutcome(texts, format);
  if (outcome.text === "" && format !== "text") return textOutcome(sheets, "text");
  const votes = withVotesOfTexts(sheets, outcome.votes);
  return { ...outcome, agreement: shareOf(outcome.answerKey, votes), votes };
}

/**
 * What those agree on field by field who call no tool. It weighs as much as they do among all who vote. Where none of them
 * wrote JSON, it is the text that most of them gave, and says so.
 */
function shapedOutcome(sheets: readonly Sheet[], plain: Outcome, input: AggregationInput): Outcome {
  const shaped = fieldsOutcome({ ...input, answers: sheets.filter(callsNone).map(textOf) });
  if (shaped.text === "") return { ...plain, formatProblem: "The text is not JSON." };
  const votes = withVotesOfTexts(sheets, shaped.votes);
  const weightOf = (counting: readonly Vote[]): number =>
    sumOf(counting.filter(({ counted }) => counted).map(({ weight }) => weight));
  const { contributions: _contributions, ...outcome } = shaped;
  return {
    ...outcome,
    votes,
    agreement: (shaped.agreement ?? 0) * (weightOf(shaped.votes) / weightOf(votes)),
    ...(plain.tieBroken === true && { tieBroken: true }),
  };
}

function callsNone({ answer: { toolCalls: calls = [] } }: Sheet): boolean {
  return calls.length === 0;
}

function textOf({ answer: { toolCalls: _, ...answer } }: Sheet): Answer {
  return answer;
}

/** The votes of all, of which those of texts are given in their order. */
function withVotesOfTexts(sheets: readonly Sheet[], ofTexts: readonly Vote[]): readonly Vote[] {
  const next = ofTexts[Symbol.iterator]();
  return sheets.flatMap((sheet) => {
    const own = votesBy("plurality", [sheet.ballot]);
    return callsNone(sheet) ? (next.next().value ?? own) : own;
  });
}
