import { confidentStop, type Kinship, posteriorOf, standingsBy } from "@synod/consensus";
import { ask, ballotsFor, type Member } from "../panel.js";
import { randomFrom } from "../random.js";
import { mean } from "../stats.js";

/** How sure a panel was of its answers, and how often it was right. */
export interface Calibration {
  readonly claimed: number;
  readonly right: number;
  /** The share of questions on which it stopped before all had answered. */
  readonly early: number;
  /** Answers by question. */
  readonly asked: number;
}

/**
 * Asks members one after the other until the posterior of the winner is high enough, and compares what it claims with how
 * often it is right. `families`: who is known to say the same; nobody when unset.
 */
export function calibration(
  members: readonly Member[],
  options: {
    readonly confidence: number;
    readonly questions: number;
    readonly count: number;
    readonly seed: number;
    readonly families?: readonly string[];
  },
): Calibration {
  const { confidence, questions, count, seed, families } = options;
  const kinship: Kinship = families === undefined ? {} : { families };
  const random = randomFrom(seed);
  const runs = Array.from({ length: questions }, () => {
    const { answers, right } = ask(members, count, random);
    const ballots = ballotsFor(answers, members);
    const stopped = ballots.findIndex((_, i) =>
      confidentStop({ ballots: ballots.slice(0, i + 1), outstanding: ballots.slice(i + 1) }, "weighted", {
        confidence,
        ...kinship,
      }),
    );
    const heard = stopped < 0 ? ballots : ballots.slice(0, stopped + 1);
    const winner = standingsBy("weighted", heard)[0]?.key ?? "";
    return {
      isRight: winner === right,
      asked: heard.length,
      claimed: posteriorOf(winner, heard, kinship) ?? 0,
    };
  });
  return {
    claimed: mean(runs.map(({ claimed }) => claimed)),
    right: mean(runs.map(({ isRight }) => Number(isRight))),
    early: mean(runs.map(({ asked }) => Number(asked < members.length))),
    asked: mean(runs.map(({ asked }) => asked)),
  };
}
