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
const unreachable: ProviderError = { ...failure, reason: "provider_unreachable" };
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
    ["a jittered repeat", { kind: "back_off", waitMs: 250 }, failure, {}],
    ["a longer wait the second time", { kind: "back_off", waitMs: 500 }, failure, { repeats: 1 }],
    ["nothing after the second repeat", { kind: "give_up" }, failure, { repeats: 2 }],
    ["nothing where the settings allow one call", { kind: "give_up" }, failure, { maxAttempts: 1 }],
    ["nothing where a repeat cannot help", { kind: "give_up" }, { ...failure, repeats: 0 }, {}],
    ["nothing where no time is left for it", { kind: "give_up" }, failure, { leftMs: 100 }],
    [
      "the wait that the upstream asks for, and a little more",
      { kind: "back_off", waitMs: 2_100 },
      { ...failure, retryAfterMs: 2_000 },
      {},
    ],
    [
      "the queue of a limit that says when it passes (F1)",
      { kind: "queue" },
      { ...limit, retryAfterMs: 2_000 },
      {},
    ],
    [
      "nothing when that does not fit into the deadline (F1)",
      { kind: "give_up" },
      { ...limit, retryAfterMs: 2_000 },
      { leftMs: 1_900 },
    ],
    ["a jittered wait when a limit names none (F2)", { kind: "back_off", waitMs: 250 }, limit, {}],
    ["somebody else first when a limit is used up", { kind: "put_off" }, limit, { patient: false }],
    [
      "somebody else first when it cannot be reached (F23)",
      { kind: "put_off" },
      unreachable,
      { patient: false },
    ],
    ["a jittered repeat when nobody else is left (F23)", { kind: "back_off", waitMs: 250 }, unreachable, {}],
    [
      "nothing when it cannot be reached for good (F23)",
      { kind: "give_up" },
      { ...unreachable, retryable: false, repeats: 0 },
      { patient: false },
    ],
    ["nothing when a limit has had its calls", { kind: "give_up" }, limit, { patient: false, repeats: 2 }],
    ["another key when this one is limited", { kind: "change_key" }, limit, { hasOtherKey: true }],
    ["another key when this one is refused (F5)", { kind: "change_key" }, refusedKey, { hasOtherKey: true }],
    ["nothing when the only key is refused (F5)", { kind: "give_up" }, refusedKey, {}],
    ["no other key when the model fails", { kind: "back_off", waitMs: 250 }, failure, { hasOtherKey: true }],
  ])("%s", (_, step, error, changes) => {
    expect(after(error, changes)).toEqual(step);
  });
});
