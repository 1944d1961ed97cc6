import { failureOf } from "@synod/rpc";
import { expect, it } from "vitest";
import { createManualClock } from "../testing/manual-clock.js";
import { createPatience } from "./patience.js";

it("ends when the caller leaves, or after the time that it waits", () => {
  const clock = createManualClock();
  const left = AbortSignal.abort("left");
  expect(createPatience(left, undefined, clock).signal.reason).toBe("left");
  const { signal } = createPatience(new AbortController().signal, 100, clock);
  expect(signal.aborted).toBe(false);
  clock.fire();
  expect(failureOf(signal.reason)).toMatchObject({
    reason: "idempotency_in_progress",
    retryable: true,
    retryAfterMs: 1_000,
  });
});

it("ends no more once it is over", () => {
  const clock = createManualClock();
  const caller = new AbortController();
  const patience = createPatience(caller.signal, 100, clock);
  patience[Symbol.dispose]();
  caller.abort();
  expect([clock.waiting, patience.signal.aborted]).toEqual([0, false]);
});
