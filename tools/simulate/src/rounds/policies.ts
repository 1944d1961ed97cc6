import type { RoundRules } from "@synod/consensus";
import type { Member } from "../panel.js";

/** A way to ask less than all, or to wait for less than all. */
export interface Policy {
  readonly name: string;
  /** Milliseconds to wait for the rest once the quorum is in. Infinity waits for all. */
  readonly graceMs: number;
  rules(members: readonly Member[]): RoundRules;
}

const waiting = { quorumOf: (n: number) => n, stopEarly: "off", areKnown: false, graceMs: Infinity } as const;

/** What is compared: waiting for all, and each way to do less. */
export const policies: readonly Policy[] = [
  policy("wait for all", waiting),
  policy("wait for all, accuracies known", { ...waiting, areKnown: true }),
  policy("lossless", { ...waiting, quorumOf: () => 1, stopEarly: "lossless" }),
  policy("confident, nothing known of the members", {
    ...waiting,
    quorumOf: () => 1,
    stopEarly: "confident",
  }),
  policy("confident, accuracies known", {
    ...waiting,
    quorumOf: () => 1,
    stopEarly: "confident",
    areKnown: true,
  }),
  policy("quorum and 2 s of grace", {
    ...waiting,
    quorumOf: (n) => Math.floor(n / 2) + 1,
    graceMs: 2_000,
  }),
  policy("ask two first", { ...waiting, quorumOf: () => 2, first: 2 }),
];

function policy(
  name: string,
  options: {
    readonly quorumOf: (n: number) => number;
    readonly stopEarly: RoundRules["stopEarly"];
    /** Whether the members' accuracies are known, and so decide. */
    readonly areKnown: boolean;
    readonly graceMs: number;
    readonly first?: number;
  },
): Policy {
  const { quorumOf, stopEarly, areKnown, graceMs, first } = options;
  return {
    name,
    graceMs,
    rules: (members) => ({
      voters: members.map(({ accuracy }, member) => ({
        voter: { member, sample: 1 },
        weight: 1,
        ...(areKnown && { accuracy }),
      })),
      first: first ?? members.length,
      quorum: quorumOf(members.length),
      stopEarly,
      stopConfidence: 0.95,
      statistic: areKnown ? "weighted" : "plurality",
      answerFormat: "choice",
    }),
  };
}
