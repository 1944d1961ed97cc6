import { isUnanimous } from "../answers/ballots.js";
import { strategies } from "../strategies/registry.js";
import { callsOfAggregation, foretoldCalls } from "./aggregation-calls.js";
import type { RunEvent } from "./event.js";
import type { RunSpec } from "./spec.js";
import { settledBy } from "./stability.js";
import { askedVoters, voterCount } from "./voters.js";

/** Planned calls that were not needed. */
export function savedCalls(events: readonly RunEvent[], spec: RunSpec): number {
  return (
    stoppedMembers(events) +
    unaskedMembers(events, spec) +
    skippedAggregations(events, spec) +
    unaskedRounds(events, spec) +
    skippedJudges(events, spec)
  );
}

/** Members that could not change the winner any more, or hardly. */
function stoppedMembers(events: readonly RunEvent[]): number {
  const decided = new Set(
    events.flatMap((event) =>
      event.type === "round_ended" && (event.stop === "lossless" || event.stop === "confident")
        ? [event.round]
        : [],
    ),
  );
  return events.filter((event) => event.type === "member_cancelled" && decided.has(event.round)).length;
}

/** Members that did not have to be asked, since those who were asked first were enough. */
function unaskedMembers(events: readonly RunEvent[], spec: RunSpec): number {
  const voters = voterCount(spec.members);
  const ended = events.flatMap((event) =>
    event.type === "round_ended" && event.stop !== "quorum_lost" ? [event.round] : [],
  );
  return ended.reduce((sum, round) => sum + voters - askedVoters(events, round, spec).length, 0);
}

function skippedAggregations(events: readonly RunEvent[], spec: RunSpec): number {
  if (spec.aggregation.when === "always" || !strategies[spec.aggregation.strategy].needsModel) return 0;
  return events.reduce(
    (sum, event) =>
      event.type === "aggregated" && event.aggregatorSkipped && isUnanimous(event.outcome.votes)
        ? sum + callsOfAggregation(events, event.round, spec)
        : sum,
    0,
  );
}

/** Rounds that were not asked because the answers were settled, each with its aggregation. */
function unaskedRounds(events: readonly RunEvent[], spec: RunSpec): number {
  const regeneration = events.findIndex((event) => event.type === "regeneration_started");
  const planned = regeneration < 0 ? events : events.slice(0, regeneration);
  const asked = new Set(planned.flatMap((event) => (event.type === "round_started" ? [event.round] : [])))
    .size;
  const outcomes = planned.flatMap((event) => (event.type === "aggregated" ? [event.outcome] : []));
  const settled =
    spec.rounds.stopWhen === "stable" &&
    outcomes.length === asked &&
    asked > 0 &&
    settledBy(outcomes) !== null;
  if (!settled) return 0;
  return Math.max(0, spec.rounds.max - asked) * (voterCount(spec.members) + foretoldCalls(spec));
}

/** Judges that were not asked because the answers agree. */
function skippedJudges(events: readonly RunEvent[], { judge, aggregation }: RunSpec): number {
  if (judge.mode === "off" || aggregation.when === "always") return 0;
  const wasAsked = events.some((event) => event.type === "judged" || event.type === "judge_failed");
  const last = events.findLast((event) => event.type === "aggregated");
  const isDone = events.some((event) => event.type === "run_finished" && event.result.status === "completed");
  const agreed = last?.type === "aggregated" && isUnanimous(last.outcome.votes);
  return isDone && agreed && !wasAsked ? judge.models.length : 0;
}
