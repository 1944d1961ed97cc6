import { latency, slow } from "../maths/latency.js";
import { ask, type Member } from "../panel.js";
import { randomFrom } from "../random.js";
import { mean, quantile } from "../stats.js";
import { playRound } from "./play-round.js";
import { policies, type Policy } from "./policies.js";

/** What a policy did on all questions. */
export interface PolicyResult {
  readonly policy: Policy;
  /** How often the winner was right. */
  readonly accuracy: number;
  /** How often the winner was that of waiting for all. */
  readonly same: number;
  /** Calls started, and calls that ran to their end, by question. */
  readonly started: number;
  readonly finished: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/**
 * Plays the same rounds by every policy: the same answers, of so many options, after the same log-normal latencies.
 * "The winner of waiting for all" is that by the same statistic.
 */
export function comparePolicies(
  members: readonly Member[],
  { questions, count, seed }: { readonly questions: number; readonly count: number; readonly seed: number },
): readonly PolicyResult[] {
  const random = randomFrom(seed);
  const rounds = Array.from({ length: questions }, () => {
    const { answers, right } = ask(members, count, random);
    return { right, said: answers.map((answer) => ({ answer, ms: latency(slow, random) })) };
  });
  return policies.map((policy) => {
    const rules = policy.rules(members);
    const patient = { ...rules, first: members.length, quorum: members.length, stopEarly: "off" } as const;
    const played = rounds.map(({ said }) => playRound(rules, policy.graceMs, said));
    const waited = rounds.map(({ said }) => playRound(patient, Infinity, said).winner);
    return {
      policy,
      accuracy: mean(played.map(({ winner }, i) => Number(winner === rounds[i]?.right))),
      same: mean(played.map(({ winner }, i) => Number(winner === waited[i]))),
      started: mean(played.map(({ started }) => started)),
      finished: mean(played.map(({ finished }) => finished)),
      p50Ms: quantile(
        played.map(({ ms }) => ms),
        0.5,
      ),
      p95Ms: quantile(
        played.map(({ ms }) => ms),
        0.95,
      ),
    };
  });
}
