import type { Spread } from "../stats.js";

/** In what a goal is measured. `x`: as a ratio. */
export type Unit = "x" | "ms" | "kB";

/** What a goal asks of a figure. */
export interface Target {
  readonly what: string;
  /** Whether the figure must stay below the limit or reach it. */
  readonly bound: "at most" | "at least";
  readonly limit: number;
  readonly unit: Unit;
}

/** A goal beside what was measured. Judged by the median. */
export interface Judged extends Target {
  readonly goal: string;
  readonly where: string;
  readonly measured: Spread | null;
  /** `not measured`: a variant did not run, or the floor was too small to divide by. */
  readonly verdict: "met" | "missed" | "not measured";
}

/** Holds a target against what was measured. */
export function judged(goal: string, where: string, target: Target, measured: Spread | null): Judged {
  const { what, bound, limit, unit } = target;
  return { goal, what, where, measured, bound, limit, unit, verdict: verdictOf(target, measured) };
}

function verdictOf({ bound, limit }: Target, measured: Spread | null): Judged["verdict"] {
  if (measured === null) return "not measured";
  const met = bound === "at most" ? measured.median <= limit : measured.median >= limit;
  return met ? "met" : "missed";
}
