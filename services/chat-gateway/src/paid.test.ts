import { create } from "@bufbuild/protobuf";
import { SpentUsageSchema } from "@synod/contracts/provider";
import { failureOf, spentOf, SynodError } from "@synod/rpc";
import { describe, expect, it } from "vitest";
import { toldModelError } from "./paid.js";

const again = { reason: "upstream_error", message: "Broken.", retryAfterMs: 500 } as const;
const free = create(SpentUsageSchema, { usage: { costUsdNanos: 0n }, attempts: 1 });
const paid = create(SpentUsageSchema, { usage: { costUsdNanos: 1n }, attempts: 1 });
const unknown = create(SpentUsageSchema, { usage: { estimated: true }, attempts: 1 });
const none = create(SpentUsageSchema);

describe("toldModelError", () => {
  it.each([
    ["no call was made", none],
    ["nothing was charged", free],
  ])("stays as it is where %s", (_what, spent) => {
    const error = new SynodError(again, { spent });
    expect(toldModelError(error)).toBe(error);
  });

  it.each([
    ["something was charged", new SynodError(again, { spent: paid })],
    ["something may have been charged", new SynodError(again, { spent: unknown })],
    ["nobody says what was charged", new SynodError(again)],
    ["the call was left", new SynodError({ reason: "canceled", message: "Left." })],
  ])("is not to be repeated where %s", (_what, error) => {
    const told = toldModelError(error);
    const { reason, message } = error.failure;
    expect(failureOf(told)).toEqual({ reason, message, retryable: false });
    expect(spentOf(told)).toEqual(spentOf(error));
    expect(told).toMatchObject({ cause: error });
  });

  it("keeps that a part of an answer was paid for", () => {
    const error = new SynodError({ ...again, paidPartial: true }, { spent: paid });
    expect(failureOf(toldModelError(error))).toMatchObject({ retryable: false, paidPartial: true });
  });

  it("is not to be repeated once something of the answer has gone out", () => {
    expect(failureOf(toldModelError(new SynodError(again, { spent: free }), true)).retryable).toBe(false);
  });

  it.each([
    ["a refused request", new SynodError({ reason: "invalid_value", message: "No." })],
    ["a full house", new SynodError({ reason: "overloaded", message: "Full." })],
    ["a defect", new TypeError("bug")],
  ])("stays as it is for %s", (_what, error) => {
    expect(toldModelError(error)).toBe(error);
  });
});
