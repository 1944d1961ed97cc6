import { expect, test } from "vitest";
import { HedgeBudget } from "./hedge-budget.js";

/** How many hedges there are when every one of so many calls wants one. */
function hedgesOf(budget: HedgeBudget, calls: number): number {
  return Array.from({ length: calls }, () => {
    budget.called();
    return budget.take();
  }).filter(Boolean).length;
}

test("at most a tenth of the calls are hedged, and three", () => {
  for (const calls of [1, 2, 3]) expect(hedgesOf(new HedgeBudget(), calls)).toBe(calls);
  expect(hedgesOf(new HedgeBudget(), 9)).toBe(3);
  expect(hedgesOf(new HedgeBudget(), 10)).toBe(4);
  expect(hedgesOf(new HedgeBudget(), 1_000)).toBe(103);
});

test("not more than ten are saved up", () => {
  const budget = new HedgeBudget();
  for (let i = 0; i < 1_000; i++) budget.called();
  expect(Array.from({ length: 50 }, () => budget.take()).filter(Boolean)).toHaveLength(10);
});
