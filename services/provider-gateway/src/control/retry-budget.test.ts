import { describe, expect, it } from "vitest";
import { RetryBudget } from "./retry-budget.js";

describe("a retry budget", () => {
  it("lets three repeat at once when little runs", () => {
    const budget = new RetryBudget();
    budget.began();
    const leaves = [budget.tryRepeat(), budget.tryRepeat(), budget.tryRepeat()];
    expect(leaves.every((leave) => leave !== undefined)).toBe(true);
    expect(budget.tryRepeat()).toBeUndefined();
    leaves[0]?.();
    leaves[0]?.();
    expect(budget.tryRepeat()).toBeDefined();
    expect(budget.tryRepeat()).toBeUndefined();
  });

  it("lets a fifth repeat when much runs, and forgets what is over", () => {
    const budget = new RetryBudget();
    const over = Array.from({ length: 100 }, () => budget.began());
    let granted = 0;
    while (budget.tryRepeat() !== undefined) granted += 1;
    expect(granted).toBe(20);
    for (const end of over) end();
    expect(budget.tryRepeat()).toBeUndefined();
  });

  it.each([
    [0, 3],
    [15, 3],
    [19, 3],
    [20, 4],
    [24, 4],
    [1_000, 200],
  ])("of %i questions lets %i repeat: never more than a fifth of them, rounded down", (questions, most) => {
    const budget = new RetryBudget();
    for (let i = 0; i < questions; i++) budget.began();
    let granted = 0;
    while (budget.tryRepeat() !== undefined) granted += 1;
    expect(granted).toBe(most);
  });

  it("counts a question that is over once, and takes other figures", () => {
    const budget = new RetryBudget({ share: 0.5, floor: 0 });
    const over = [budget.began(), budget.began(), budget.began(), budget.began()];
    over[0]?.();
    over[0]?.();
    expect(budget.tryRepeat()).toBeDefined();
    expect(budget.tryRepeat()).toBeUndefined();
  });
});
