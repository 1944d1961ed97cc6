import { type Statistic, standingsBy } from "@synod/consensus";
import { ask, type Asked, ballotsFor, everyAnswer, type Member } from "../panel.js";
import type { Random } from "../random.js";

/** P(the majority of n is right) = sum over k > n/2 of C(n,k) p^k (1-p)^(n-k), for odd n. */
export function majorityRight(n: number, p: number): number {
  let term = (1 - p) ** n;
  let sum = 0;
  for (let k = 1; k <= n; k++) {
    term *= ((n - k + 1) / k) * (p / (1 - p));
    if (2 * k > n) sum += term;
  }
  return sum;
}

/** How often the winner by a statistic is right, by trying all answers to a question of two options. */
export function exactAccuracy(statistic: Statistic, members: readonly Member[]): number {
  return everyAnswer(members).reduce(
    (sum, { probability, ...asked }) => sum + (isRight(statistic, asked, members) ? probability : 0),
    0,
  );
}

/** How often it is, counted on so many questions of so many options. */
export function simulatedAccuracy(
  statistic: Statistic,
  members: readonly Member[],
  {
    questions,
    count = 2,
    random,
  }: { readonly questions: number; readonly count?: number; readonly random: Random },
): number {
  let right = 0;
  for (let i = 0; i < questions; i++) {
    if (isRight(statistic, ask(members, count, random), members)) right++;
  }
  return right / questions;
}

function isRight(statistic: Statistic, { answers, right }: Asked, members: readonly Member[]): boolean {
  return standingsBy(statistic, ballotsFor(answers, members))[0]?.key === right;
}
