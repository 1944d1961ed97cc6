import { eligibleJudges, type RunEvent, type RunSpec, winnersOf } from "@synod/consensus";
import { familyOf } from "@synod/settings";

/**
 * The judges to ask for the answer that would go out now: all, but for one that would judge a relative's answer that no other member
 * gave, where enough judges remain.
 */
export function judgesOf(spec: RunSpec, events: readonly RunEvent[]): string[] {
  const seats = spec.judge.models.map((model) => ({ model, family: familyOf(model, [providerOf(model)]) }));
  return eligibleJudges(seats, winnersOf(events, spec), spec.judge.votesNeeded).map(({ model }) => model);
}

const providerOf = (model: string): string => model.slice(0, model.indexOf("/"));
