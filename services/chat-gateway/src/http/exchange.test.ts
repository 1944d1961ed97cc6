import { create } from "@bufbuild/protobuf";
import { SpentUsageSchema } from "@synod/contracts/provider";
import { SynodError } from "@synod/rpc";
import { describe, expect, it } from "vitest";
import { toldModelError } from "../paid.js";
import { errorOf } from "./exchange.js";

const ending = { signal: AbortSignal.abort(), isLeft: () => false };
const left = new SynodError({ reason: "canceled", message: "The call was canceled." });

describe("errorOf, when Synod stops", () => {
  it("tells the caller to ask again, and when", () => {
    const told = { status: 503, code: "overloaded", retryable: true, retryAfterMs: 1_000 };
    expect(errorOf(left, ending)).toMatchObject(told);
  });

  it("takes an error that says that nothing was spent for one that cost nothing", () => {
    const refused = new SynodError(
      { reason: "budget_exceeded", message: "No." },
      { spent: create(SpentUsageSchema) },
    );
    expect(errorOf(refused, ending)).toMatchObject({ code: "overloaded", retryable: true, paid: false });
  });

  it("does not invite to repeat what was, or may have been, paid for", () => {
    const told = { status: 503, code: "overloaded", retryable: false, retryAfterMs: undefined };
    expect(errorOf(toldModelError(left), ending)).toMatchObject(told);
  });
});
