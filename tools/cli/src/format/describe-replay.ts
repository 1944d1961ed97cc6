import type { CountedVote, Replay, RoundOutcome } from "@synod/consensus";
import { indented, oneLine } from "./escape.js";
import { share } from "./figures.js";
import { cut, table } from "./table.js";

type Replayed = Extract<Replay, { readonly status: "replayed" }>;

/** What a replay gives beside what was recorded, as text fit for a terminal. The same replay gives the same text. */
export function describeReplay(runId: string, { round, recorded, replayed }: Replayed): string {
  return [
    `run    ${oneLine(runId)}\nround  ${round}\n`,
    recorded === null ? "recorded: this round was not aggregated\n" : outcomeText("recorded", recorded),
    outcomeText("replayed", replayed),
    table(
      ["MEMBER", "ANSWER", "WEIGHT", "VOTE"],
      replayed.votes.map((vote) => voteRow(vote, replayed)),
    ),
    `${closingLines(recorded, replayed).map(oneLine).join("\n")}\n`,
  ].join("\n");
}

function outcomeText(title: string, { outcome, record }: RoundOutcome): string {
  const said = outcome.toolCalls?.map(({ name, argumentsJson }) => `${name}(${argumentsJson})`).join("\n");
  const text = (said ?? outcome.text).trim();
  const agreement = record.agreement === null ? [] : [`agreement ${share(record.agreement)}`];
  const confidence = record.confidence === null ? [] : [`confidence ${share(record.confidence)}`];
  const figures = [...agreement, ...confidence, ...(record.tieBroken ? ["a tie was broken"] : [])].join(
    " · ",
  );
  return [
    `${title}: ${record.strategy}`,
    indented(text === "" ? "no answer: no member's answer has a vote" : text),
    ...(figures === "" ? [] : [`  (${figures})`]),
    "",
  ].join("\n");
}

function voteRow(vote: CountedVote, { outcome }: RoundOutcome): readonly string[] {
  const { model, sample, answerKey, counted, weight, swings } = vote;
  const side =
    outcome.answerKey === "" ? "counted" : answerKey === outcome.answerKey ? "for it" : "against it";
  return [
    sample > 1 ? `${model} (sample ${sample})` : model,
    cut(answerKey, 40),
    counted ? String(Number(weight.toPrecision(4))) : "",
    counted ? `${side}${swings ? ", decides alone" : ""}` : "none",
  ];
}

function closingLines(recorded: RoundOutcome | null, { outcome, record }: RoundOutcome): readonly string[] {
  const dissent = record.dissent.map(
    ({ answerKey, models }) => `dissent: ${cut(answerKey, 60)} (${models.join(", ")})`,
  );
  const problem = outcome.formatProblem === undefined ? [] : [`not of the schema: ${outcome.formatProblem}`];
  return [...dissent, ...problem, comparison(recorded, outcome)];
}

function comparison(recorded: RoundOutcome | null, outcome: RoundOutcome["outcome"]): string {
  const before = recorded?.outcome.answerKey ?? "";
  if (before === "" || outcome.answerKey === "") return "No model was asked.";
  return `${before === outcome.answerKey ? "The same answer as" : "Another answer than"} before. No model was asked.`;
}
