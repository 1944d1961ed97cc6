import { expect, it } from "vitest";
import { failureOf } from "../errors/failure-of.js";
import { createBodyBudget } from "./body-budget.js";

it("lends so many bytes at once, and lends again what comes back", () => {
  const budget = createBodyBudget(100);
  const [one, other] = [budget.hold(), budget.hold()];
  one.add(60);
  other.add(40);
  const refused = (): unknown => {
    try {
      return other.add(1);
    } catch (error) {
      return failureOf(error);
    }
  };
  expect(refused()).toMatchObject({ reason: "overloaded", retryable: true, retryAfterMs: 1_000 });
  one.release();
  one.release();
  other.add(60);
  expect(refused()).toMatchObject({ reason: "overloaded" });
});

it("has no limit when none is set", () => {
  createBodyBudget().hold().add(Number.MAX_SAFE_INTEGER);
});
