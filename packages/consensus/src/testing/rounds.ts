import { isSameVoter } from "../run/voters.js";
import { roundStep } from "../stopping/round-progress.js";
import {
  newRound,
  type RoundHappening,
  type RoundProgress,
  type RoundRules,
} from "../stopping/round-rules.js";
import { completion } from "./specs.js";

/** The only sample of a member. */
export const voter = (member: number) => ({ member, sample: 1 });

/** Rules for so many members of weight 1: a majority is the quorum, all are asked at once, nothing stops early. */
export function rulesFor(voters: number, over: Partial<RoundRules> = {}): RoundRules {
  return {
    voters: Array.from({ length: voters }, (_, member) => ({ voter: voter(member), weight: 1 })),
    first: voters,
    quorum: Math.floor(voters / 2) + 1,
    stopEarly: "off",
    stopConfidence: 0.95,
    statistic: "plurality",
    answerFormat: "auto",
    ...over,
  };
}

/** A member answers. */
export function says(member: number, text: string): RoundHappening {
  return { type: "answered", voter: voter(member), completion: completion(text) };
}

/** A member fails. */
export function fails(member: number): RoundHappening {
  return { type: "failed", voter: voter(member) };
}

/** The grace is over. */
export const graceOver: RoundHappening = { type: "grace_over" };

/** A round that was played: what it decided, one short word for each thing that happened, and how far it is. */
export interface PlayedRound {
  readonly words: readonly string[];
  readonly progress: RoundProgress;
}

/** Lets things happen in a round until it stops. What those say who are not asked yet happens once they are. */
export function playRound(rules: RoundRules, happenings: readonly RoundHappening[]): PlayedRound {
  const words: string[] = [];
  let progress: RoundProgress = newRound;
  const queue = [...happenings];
  const later: RoundHappening[] = [];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (!progress.restAsked && isOfLater(rules, next)) {
      later.push(next);
      continue;
    }
    const step = roundStep(rules, progress, next);
    ({ progress } = step);
    words.push(step.decision.type === "stop" ? step.decision.stop : step.decision.type);
    if (step.decision.type === "stop") break;
    if (step.decision.type === "ask_rest") queue.unshift({ type: "rest_asked" }, ...later);
  }
  return { words, progress };
}

function isOfLater({ voters, first }: RoundRules, happening: RoundHappening): boolean {
  if (!("voter" in happening)) return false;
  return voters.findIndex(({ voter: other }) => isSameVoter(other, happening.voter)) >= first;
}
