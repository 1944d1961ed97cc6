import { describe, expect, it } from "vitest";
import type { ProviderError } from "../providers/provider-error.js";
import { type FailedAttempt, nextStep } from "./next-step.js";

const failure: ProviderError = {
  reason: "upstream_error",
  message: "no",
  retryable: true,
  failOver: "any",
  repeats: 2,
  blames: "target",
};
const limit: ProviderError = { ...failure, reason: "rate_limit_exceeded", blames: "model_limit" };
const refusedKey: ProviderError = { ...failure, reason: "provider_auth", repeats: 0, blames: "key" };

const after = (error: ProviderError, changes: Partial<FailedAttempt> = {}) =>
  nextStep({
    error,
    repeats: 0,
    maxAttempts: 3,
    hasOtherKey: false,
    patient: true,
    leftMs: 60_000,
    random: () => 0.5,
    ...changes,
  });

describe("what follows a failed attempt", () => {
  it.each<[string, ReturnType<typeof nextStep>, ProviderError, Partial<FailedAttempt>]>([
    ["a jittered repeat", { kind: "repeat", waitMs: 250 }, failure, {}],
    ["a longer wait the second time", { kind: "repeat", waitMs: 500 }, failure, { repeats: 1 }],
    ["nothing after the second repeat", { kind: "give_up" }, failure, { repeats: 2 }],
    ["nothing where the settings allow one call", { kind: "give_up" }, failure, { maxAttempts: 1 }],
    ["nothing where a repeat cannot help", { kind: "give_up" }, { ...failure, repeats: 0 }, {}],
    ["nothing where no time is left for it", { kind: "give_up" }, failure, { leftMs: 100 }],
    [
      "the wait that the upstream asks for, and a little more (F1)",
      { kind: "repeat", waitMs: 2_100 },
      { ...limit, retryAfterMs: 2_000 },
      {},
    ],
    [
      "nothing when that does not fit into the deadline (F1)",
      { kind: "give_up" },
      { ...limit, retryAfterMs: 2_000 },
      { leftMs: 1_900 },
    ],
    ["a jittered wait when a limit names none (F2)", { kind: "repeat", waitMs: 250 }, limit, {}],
    ["somebody else when a limit is used up", { kind: "give_up" }, limit, { patient: false }],
    ["another key when this one is limited", { kind: "change_key" }, limit, { hasOtherKey: true }],
    ["another key when this one is refused (F5)", { kind: "change_key" }, refusedKey, { hasOtherKey: true }],
    ["nothing when the only key is refused (F5)", { kind: "give_up" }, refusedKey, {}],
    ["no other key when the model fails", { kind: "repeat", waitMs: 250 }, failure, { hasOtherKey: true }],
  ])("%s", (_, step, error, changes) => {
    expect(after(error, changes)).toEqual(step);
  });
});
