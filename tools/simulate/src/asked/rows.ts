import { clopperPearson } from "@synod/consensus";
import { mean, quantile } from "../stats.js";
import type { Told } from "./ask.js";

/** How an arm did. */
export interface Row {
  readonly name: string;
  /** Which questions it answered rightly. Empty where nothing is decided, so that nothing is right or wrong. */
  readonly right: readonly boolean[];
  /** The share of right answers. Null as above. */
  readonly accuracy: number | null;
  /** The interval of the accuracy with 95 % confidence (Clopper & Pearson). Null for a mean of several arms. */
  readonly interval: readonly [low: number, high: number] | null;
  /** Calls a question. */
  readonly made: number;
  readonly saved: number;
  /** US dollars for 1,000 questions. Null when the cost of one of them is not known. */
  readonly costUsd: number | null;
  /** Milliseconds of a question. */
  readonly p50: number;
  readonly p95: number;
}

/** The row of answers that are each right or wrong; of none when nothing is decided. */
export function rowOf(name: string, told: readonly Told[], right: readonly boolean[]): Row {
  const hits = right.filter(Boolean).length;
  const bounds = right.length === 0 ? null : clopperPearson(hits, right.length);
  const times = told.map(({ ms }) => ms);
  return {
    name,
    right,
    accuracy: right.length === 0 ? null : hits / right.length,
    interval: bounds && [bounds.low, bounds.high],
    made: mean(told.map(({ made }) => made)),
    saved: mean(told.map(({ saved }) => saved)),
    costUsd: costOf(told),
    p50: quantile(times, 0.5),
    p95: quantile(times, 0.95),
  };
}

function costOf(told: readonly Told[]): number | null {
  const known = told.flatMap(({ costUsd }) => costUsd ?? []);
  return known.length < told.length ? null : 1_000 * mean(known);
}

/** Whether an arm is better than another one on the same questions, as far as can be told. */
export type Comparison = "better" | "worse" | "not told apart";

/**
 * Compares two arms by the questions that one of them alone answered rightly (McNemar, exact): better when such questions
 * fall on its side more often than a coin would, with 95 % confidence.
 */
export function compare(a: readonly boolean[], b: readonly boolean[]): Comparison {
  const only = a.filter((isRight, at) => isRight && b[at] === false).length;
  const other = b.filter((isRight, at) => isRight && a[at] === false).length;
  if (only + other === 0) return "not told apart";
  const { low, high } = clopperPearson(only, only + other);
  if (low > 0.5) return "better";
  return high < 0.5 ? "worse" : "not told apart";
}
