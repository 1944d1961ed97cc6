import { strategies } from "../strategies/registry.js";
import type { Outcome, Voter } from "../strategies/strategy.js";
import { standings } from "../voting/tally.js";
import type { RunEvent } from "./event.js";
import type { RunRecord } from "./record.js";
import { isEmptyOutcome } from "./said-in.js";
import type { RunSpec } from "./spec.js";
import { replaces } from "./stability.js";

/** The outcome that goes out, and where it stands in the log. */
export interface KeptOutcome {
  readonly outcome: Outcome;
  readonly round: number;
  /** The position of its event. */
  readonly index: number;
}

/** The outcome that is the answer: by the same rule as the run itself. Null while there is none. */
export function answerOf(events: readonly RunEvent[], spec: RunSpec): KeptOutcome | null {
  let kept: KeptOutcome | null = null;
  let regenerating = false;
  const votesDecide = strategies[spec.aggregation.strategy].votes;
  for (const [index, event] of events.entries()) {
    if (event.type === "regeneration_started") regenerating = true;
    if (event.type !== "aggregated" || isEmptyOutcome(event.outcome)) continue;
    if (replaces(event.outcome, kept?.outcome ?? null, { votesDecide, regenerating })) {
      kept = { outcome: event.outcome, round: event.round, index };
    }
  }
  return kept;
}

/** Who said something else than the answer, the strongest dissent first. */
export function dissentOf(
  { outcome, round }: KeptOutcome,
  events: readonly RunEvent[],
  spec: RunSpec,
): RunRecord["dissent"] {
  if (outcome.answerKey === "") return [];
  return standings(outcome.votes)
    .filter(({ key }) => key !== outcome.answerKey)
    .map(({ key }) => {
      const voters = outcome.votes.filter((vote) => vote.counted && vote.answerKey === key);
      const models = voters.map(({ voter }) => modelOf(voter, round, events, spec));
      return { answerKey: key, models: [...new Set(models)] };
    });
}

/** The model that answered for a voter, which may be a fallback. */
function modelOf(
  { member, sample }: Voter,
  round: number,
  events: readonly RunEvent[],
  spec: RunSpec,
): string {
  const answered = events.find(
    (event) =>
      event.type === "member_answered" &&
      event.round === round &&
      event.voter.member === member &&
      event.voter.sample === sample,
  );
  const seat = spec.members[member]?.model ?? "";
  return answered?.type === "member_answered" ? answered.completion.model || seat : seat;
}
