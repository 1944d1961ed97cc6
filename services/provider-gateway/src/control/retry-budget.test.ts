import { describe, expect, it } from "vitest";
import { visitor } from "../testing/visitor.js";
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

describe("who waits to repeat", () => {
  const names = ["first", "second", "third"];

  it("goes when another repeat is over, first come, first served", async () => {
    const budget = new RetryBudget({ floor: 1 });
    const leave = await budget.repeat(visitor());
    const order: string[] = [];
    const all = names.map(async (name) => {
      const mine = await budget.repeat(visitor());
      order.push(name);
      mine();
    });
    expect(budget.tryRepeat()).toBeUndefined();
    leave();
    await Promise.all(all);
    expect(order).toEqual(names);
    expect(budget.tryRepeat()).toBeDefined();
  });

  it("goes when more questions run", async () => {
    const budget = new RetryBudget({ share: 0.5, floor: 0 });
    const waiting = budget.repeat(visitor());
    budget.began();
    const end = budget.began();
    await waiting;
    end();
    expect(budget.tryRepeat()).toBeUndefined();
  });

  it("leaves, or is refused when the time is up", async () => {
    const budget = new RetryBudget({ floor: 0 });
    const caller = new AbortController();
    const left = budget.repeat(visitor(60_000, caller));
    caller.abort();
    await expect(left).rejects.toMatchObject({ error: { reason: "canceled" } });
    await expect(budget.repeat(visitor(1))).rejects.toMatchObject({ error: { reason: "overloaded" } });
  });
});
