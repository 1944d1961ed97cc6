import { confidenceOf } from "../confidence/confidence.js";
import type { Voter } from "../strategies/strategy.js";
import type { RunEvent } from "./event.js";
import type { KeptOutcome } from "./record-answer.js";
import type { Degradation, RunRecord } from "./record.js";
import type { RunSpec } from "./spec.js";
import type { Usage } from "./usage.js";

type JudgeEvent = Extract<RunEvent, { readonly type: "judged" | "judge_failed" }>;

/**
 * Whether the judges accepted the answer that goes out: true or false by their verdict on it, null when they said
 * neither. A verdict on an answer that was replaced since says nothing about this one.
 */
export function validationOf(events: readonly RunEvent[], answer: KeptOutcome | null): boolean | null {
  const index = events.findLastIndex(isJudgeEvent);
  const last = events[index];
  if (answer === null || index < answer.index || last?.type !== "judged") return null;
  const { kind } = last.verdict;
  return kind === "right" ? true : kind === "wrong" ? false : null;
}

/**
 * The probability that the answer is right, by what is known of those who voted. Null when it is unknown: nothing is
 * known of a model that answered in a member's place.
 */
export function confidenceIn(kept: KeptOutcome, events: readonly RunEvent[], spec: RunSpec): number | null {
  const { answerKey, votes } = kept.outcome;
  const answers = events.flatMap((event) =>
    event.type === "member_answered" && event.round === kept.round ? [event] : [],
  );
  const isCut = ({ member, sample }: Voter): boolean =>
    answers.some(
      ({ voter, completion }) =>
        voter.member === member && voter.sample === sample && completion.finishReason === "length",
    );
  const seats = spec.members.map(({ model, family, accuracy }, member) => {
    const isOwn = answers.every(
      ({ voter, completion }) => voter.member !== member || completion.model === model,
    );
    return { family, ...(isOwn && accuracy !== undefined && { accuracy }) };
  });
  return confidenceOf(
    { answerKey, votes: votes.map((vote) => ({ ...vote, truncated: isCut(vote.voter) })) },
    seats,
  );
}

/** The last verdict. Null when the judge is off. */
export function judgeRecord(events: readonly RunEvent[], spec: RunSpec): RunRecord["judge"] {
  if (spec.judge.mode === "off") return null;
  const asked = events.filter(isJudgeEvent);
  const last = asked.at(-1);
  const attempts = new Set(asked.map((event) => event.attempt)).size;
  if (last?.type !== "judged") return { verdict: null, findings: [], attempts };
  const { kind, findings } = last.verdict;
  return { verdict: kind === "none" ? null : kind, findings, attempts };
}

/** What did not go as configured, each once, in a fixed order. */
export function degradationsOf(events: readonly RunEvent[], usage: Usage): readonly Degradation[] {
  const stopped = events.find((event) => event.type === "run_finished")?.result;
  const reason = stopped?.status === "completed" ? stopped.stopped : null;
  const found: Readonly<Record<Degradation, boolean>> = {
    aggregator_unavailable: events.some(isAggregatorDown),
    judge_unavailable: events.some(
      (e) => e.type === "judge_failed" || (e.type === "judged" && e.verdict.kind === "none"),
    ),
    member_failed: events.some((event) => event.type === "member_failed"),
    stopped_by_deadline: reason === "deadline",
    stopped_by_budget: reason === "budget",
    cost_unknown: usage.costUsdNanos === null,
  };
  return degradations.filter((name) => found[name]);
}

const degradations: readonly Degradation[] = [
  "aggregator_unavailable",
  "judge_unavailable",
  "member_failed",
  "stopped_by_deadline",
  "stopped_by_budget",
  "cost_unknown",
];

function isAggregatorDown(event: RunEvent): boolean {
  return (
    event.type === "aggregation_failed" ||
    (event.type === "aggregated" && event.outcome.aggregatorUnavailable)
  );
}

function isJudgeEvent(event: RunEvent): event is JudgeEvent {
  return event.type === "judged" || event.type === "judge_failed";
}
