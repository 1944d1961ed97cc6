import { castBallots } from "../answers/ballots.js";
import type { AnswerFormat } from "../answers/format.js";
import { NO_CALL, offeredTools, type OfferedTools, runnableCalls } from "../answers/tool-calls.js";
import { compareByHash } from "../voting/stable-hash.js";
import { isTie } from "../voting/statistic.js";
import { shareOf, standings, sumOf } from "../voting/tally.js";
import { answerSchema } from "./answer-shape.js";
import { fieldsOutcome } from "./fields.js";
import { leaveOneOut } from "./leave-one-out.js";
import type { AggregationInput, Answer, Outcome, Strategy, Vote } from "./strategy.js";
import { pluralityOutcome, votesOf } from "./plurality.js";

/**
 * The calls of tools that most voters want: votes are on the names and the arguments, whatever their order and however
 * they are written, and never on prose. Answers that call none vote together for calling none; when they win, the answer
 * is the text that most of them gave or, where a schema was asked for, what they agree on field by field. No model is
 * asked.
 *
 * A call of a tool that was not offered, or whose arguments are no JSON object, has no vote. The calls of the outcome are
 * those of the winner's best-weighted answer, word for word.
 */
export const toolCalls: Strategy = {
  name: "tool_calls",
  needsModel: false,
  votes: true,
  statistic: "plurality",
  calls: () => [],
  next(input) {
    const answers = votingAnswers(input);
    const decide = (some: readonly Answer[]): Outcome => outcomeOf(some, input);
    const outcome = decide(answers);
    if (outcome.answerKey === "") return { outcome };
    if (outcome.toolCalls === undefined && answerSchema(input) !== null) {
      return { outcome: shapedOutcome(answers, outcome, input) };
    }
    const share = ({ votes }: Outcome): number | null => shareOf(outcome.answerKey, votes);
    return { outcome: { ...outcome, contributions: leaveOneOut(answers, outcome, decide, share) } };
  },
};

/** The answers with the calls that can be run. Where no tool was offered, all are texts. */
function votingAnswers({ answers, toolsJson }: AggregationInput): readonly Answer[] {
  const tools = offeredTools(toolsJson);
  return answers.map((answer) => votingAnswer(answer, tools));
}

function votingAnswer({ toolCalls: calls = [], ...answer }: Answer, tools: OfferedTools): Answer {
  if (tools === null) return calls.length === 0 ? answer : { ...answer, text: "" };
  const runnable = runnableCalls(calls, tools);
  return runnable === null ? { ...answer, text: "", toolCalls: [] } : { ...answer, toolCalls: runnable };
}

function outcomeOf(answers: readonly Answer[], { answerFormat }: AggregationInput): Outcome {
  const ballots = castBallots(answers, answerFormat);
  const all = standings(ballots);
  const [first] = all;
  if (first === undefined || first.key === NO_CALL || answers.every((a) => a.toolCalls === undefined)) {
    return textOutcome(answers, answerFormat, isTie("plurality", all));
  }
  const [best] = answers
    .flatMap(({ toolCalls: calls = [] }, i) => {
      const ballot = ballots[i];
      return ballot?.counted === true && ballot.answerKey === first.key
        ? [{ calls, weight: ballot.weight }]
        : [];
    })
    .toSorted(
      (a, b) => b.weight - a.weight || compareByHash(JSON.stringify(a.calls), JSON.stringify(b.calls)),
    );
  const votes = votesOf(answers, answerFormat);
  return {
    text: "",
    answerKey: first.key,
    agreement: shareOf(first.key, votes),
    votes,
    promptVersion: "",
    aggregatorUnavailable: false,
    ...(best !== undefined && { toolCalls: best.calls }),
    ...(isTie("plurality", all) && { tieBroken: true }),
  };
}

/**
 * The text that most of those gave who call no tool. The votes of the others stay what they are. Where none of them holds
 * what the format asks for, they are compared as texts: they have voted for calling none all the same.
 */
function textOutcome(answers: readonly Answer[], format: AnswerFormat, tieBroken: boolean): Outcome {
  const plain = answers.map(({ toolCalls: calls = [], ...answer }): Answer =>
    calls.length === 0 ? answer : { ...answer, toolCalls: calls },
  );
  const texts = plain.filter(({ toolCalls: calls }) => calls === undefined);
  const { contributions: _, ...outcome } = pluralityOutcome(texts, format);
  if (outcome.text === "" && format !== "text") return textOutcome(answers, "text", tieBroken);
  const votes = votesOf(plain, format);
  return {
    ...outcome,
    agreement: shareOf(outcome.answerKey, votes),
    votes,
    ...(tieBroken && { tieBroken }),
  };
}

/**
 * What those agree on field by field who call no tool. It weighs as much as they do among all who vote. Where none of them
 * wrote JSON, it is the text that most of them gave, and says so.
 */
function shapedOutcome(answers: readonly Answer[], plain: Outcome, input: AggregationInput): Outcome {
  const texts = answers.filter(({ toolCalls: calls = [] }) => calls.length === 0);
  const shaped = fieldsOutcome({
    ...input,
    answers: texts.map(({ toolCalls: _calls, ...answer }) => answer),
  });
  if (shaped.text === "") return { ...plain, formatProblem: "The text is not JSON." };
  const votes = plain.votes.map((vote, at) => {
    const place = texts.findIndex((answer) => answer === answers[at]);
    return shaped.votes[place] ?? vote;
  });
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
