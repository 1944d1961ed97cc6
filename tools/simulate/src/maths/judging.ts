import type { Random } from "../random.js";

/** A gate: answers are right with `p`, the judge calls wrong ones wrong with `s` and right ones with `f`, all 0 to 1. */
export interface Gate {
  readonly p: number;
  readonly s: number;
  readonly f: number;
  /** Answers at most, 1 or more: the last goes out when none is accepted. */
  readonly tries: number;
}

/** What a gate does: how often the answer that goes out is right, and how many answers are made. */
export interface GateEffect {
  readonly right: number;
  readonly tries: number;
}

/**
 * With A = p(1-f) + (1-p)(1-s) the share that is accepted, R = 1 - A, and K tries:
 * E[tries] = (1-R^K)/A, P(right) = p(1-f)(1-R^K)/A + R^K (pf/R).
 */
export function gateEffect({ p, s, f, tries }: Gate): GateEffect {
  const accepted = p * (1 - f) + (1 - p) * (1 - s);
  const rejected = 1 - accepted;
  if (rejected === 0) return { right: p, tries: 1 };
  if (accepted === 0) return { right: p, tries };
  const ended = (1 - rejected ** tries) / accepted;
  return { right: p * (1 - f) * ended + rejected ** tries * ((p * f) / rejected), tries: ended };
}

/** How often at least `needed` of n judges flag, each with probability `flag`. */
export function juryFlags(n: number, needed: number, flag: number): number {
  let term = (1 - flag) ** n;
  let sum = needed === 0 ? term : 0;
  for (let k = 1; k <= n; k++) {
    term *= ((n - k + 1) / k) * (flag / (1 - flag));
    if (k >= needed) sum += term;
  }
  return sum;
}

/** The same as `gateEffect`, counted on so many questions. */
export function simulatedGate({ p, s, f, tries }: Gate, questions: number, random: Random): GateEffect {
  let [right, made] = [0, 0];
  for (let i = 0; i < questions; i++) {
    for (let attempt = 1; attempt <= tries; attempt++) {
      made++;
      const isRight = random() < p;
      const isFlagged = random() < (isRight ? f : s);
      if (isFlagged && attempt < tries) continue;
      if (isRight) right++;
      break;
    }
  }
  return { right: right / questions, tries: made / questions };
}
