import { eligibleJudges, type RunEvent, type RunSpec } from "@synod/consensus";
import { familyOf } from "@synod/settings";

/**
 * The judges to ask for the last answer: all, but for one that would judge a relative's answer that no other member
 * gave, where enough judges remain.
 */
export function judgesOf(spec: RunSpec, events: readonly RunEvent[]): string[] {
  const seats = spec.judge.models.map((model) => ({ model, family: familyOf(model, [providerOf(model)]) }));
  return eligibleJudges(seats, winnersOf(spec, events), spec.judge.votesNeeded).map(({ model }) => model);
}

/** The families of the members that gave the winning answer, one entry for each. Empty where votes mean nothing. */
function winnersOf({ members }: RunSpec, events: readonly RunEvent[]): string[] {
  const last = events.findLast((event) => event.type === "aggregated");
  if (last?.type !== "aggregated" || last.outcome.answerKey === "") return [];
  const { answerKey, votes } = last.outcome;
  const seats = new Set(
    votes.filter((vote) => vote.counted && vote.answerKey === answerKey).map(({ voter }) => voter.member),
  );
  return [...seats].flatMap((seat) => members[seat]?.family ?? []);
}

const providerOf = (model: string): string => model.slice(0, model.indexOf("/"));
