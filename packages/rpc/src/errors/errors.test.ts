import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { FailureReason } from "@synod/consensus";
import { ErrorReason } from "@synod/contracts/error";
import { SpentUsageSchema } from "@synod/contracts/provider";
import { BadRequestSchema, ErrorInfoSchema } from "@synod/contracts/rpc-details";
import { describe, expect, it } from "vitest";
import { codeName } from "./code-name.js";
import { fromDownstream } from "./downstream.js";
import { failureOf } from "./failure-of.js";
import { reasonFromInfo, reasonRules, reasonToInfo } from "./reasons.js";
import { spentOf } from "./spent-of.js";
import { SynodError } from "./synod-error.js";
import { toConnectError } from "./to-connect-error.js";

const reasons = Object.keys(reasonRules) as FailureReason[];

describe("the mapping of reasons", () => {
  it("has every value of ErrorReason once", () => {
    const numbers = Object.values(ErrorReason).filter((value) => typeof value === "number" && value !== 0);
    const mapped = reasons.map((reason) => reasonRules[reason].proto as number);
    expect(mapped.toSorted((a, b) => a - b)).toEqual(numbers);
  });

  it.each(reasons)("%s travels there and back", (reason) => {
    expect(reasonFromInfo(reasonToInfo(reason))).toBe(reason);
    const thrown = new SynodError({ reason, message: "what happened" });
    const error = toConnectError(thrown);
    expect(error.code).toBe(reasonRules[reason].code);
    expect(failureOf(error)).toEqual(thrown.failure);
    expect(failureOf(toConnectError(error))).toEqual(thrown.failure);
  });

  it("keeps that a part of an answer was paid for, over two hops", () => {
    const thrown = new SynodError(
      { reason: "upstream_error", message: "broke off", paidPartial: true },
      { metadata: { model: "groq/x" } },
    );
    const twice = toConnectError(fromDownstream(toConnectError(thrown)));
    expect(failureOf(twice)).toEqual(thrown.failure);
    expect(thrown.failure.paidPartial).toBe(true);
    expect(twice.findDetails(ErrorInfoSchema)[0]?.metadata).toEqual({
      model: "groq/x",
      retryable: "true",
      paid_partial: "true",
    });
    const whole = new SynodError({ reason: "upstream_error", message: "x", paidPartial: false });
    expect(whole.failure).not.toHaveProperty("paidPartial");
  });

  it("takes the class of an error whose reason is of a newer version", () => {
    const error = new ConnectError("later", Code.Unavailable, undefined, [
      { desc: ErrorInfoSchema, value: { reason: "NOT_INVENTED_YET", domain: "synod" } },
    ]);
    expect(failureOf(error)).toMatchObject({ reason: "service_unavailable", message: "later" });
  });

  it("does not take a stranger's reason for one of Synod", () => {
    const error = new ConnectError("x", Code.NotFound, undefined, [
      { desc: ErrorInfoSchema, value: { reason: "INTERNAL", domain: "elsewhere" } },
    ]);
    expect(failureOf(error).reason).toBe("model_not_found");
    expect(reasonFromInfo("toString")).toBeUndefined();
  });

  it("writes codes as the wire does", () => {
    expect([Code.DeadlineExceeded, Code.Canceled, Code.Internal].map(codeName)).toEqual([
      "deadline_exceeded",
      "canceled",
      "internal",
    ]);
  });
});

describe("failureOf", () => {
  it("knows what an aborted wait is", () => {
    expect(failureOf(new DOMException("x", "AbortError")).reason).toBe("canceled");
    expect(failureOf(new DOMException("x", "TimeoutError")).reason).toBe("deadline_exceeded");
  });

  it("keeps back the text of anything else", () => {
    for (const thrown of [new Error("secret"), "secret", undefined, { secret: 1 }]) {
      expect(failureOf(thrown)).toEqual({ reason: "internal", message: "internal error", retryable: false });
    }
  });

  it("obeys retryable where the thrower says it", () => {
    const error = new SynodError({ reason: "upstream_error", message: "x", retryable: false });
    expect(failureOf(toConnectError(error)).retryable).toBe(false);
  });
});

describe("fromDownstream", () => {
  it("replaces a transport's text, and keeps it as the cause", () => {
    const original = new ConnectError("connect ECONNREFUSED 10.0.0.7:7002", Code.Unavailable);
    const error = fromDownstream(original);
    expect(error.message).not.toContain("10.0.0.7");
    expect(error.cause).toBe(original);
    expect(fromDownstream(error)).toBe(error);
  });

  it("keeps a text that tells what is wrong with the request", () => {
    const error = fromDownstream(new ConnectError("a message is too large", Code.ResourceExhausted));
    expect(failureOf(error)).toMatchObject({
      reason: "request_too_large",
      message: "a message is too large",
    });
  });
});

describe("spentOf", () => {
  const spent = create(SpentUsageSchema, { usage: { inputTokens: 7n, costUsdNanos: 9n }, attempts: 2 });

  it("reads what was spent, over every service between, and nothing else of the details", () => {
    const options = { spent, fieldViolations: [{ field: "x", description: "y" }] };
    const thrown = toConnectError(new SynodError({ reason: "upstream_error", message: "cut" }, options));
    expect(spentOf(thrown)).toEqual(spent);
    const told = toConnectError(fromDownstream(thrown));
    expect(spentOf(told)).toEqual(spent);
    expect(told.findDetails(BadRequestSchema)).toEqual([]);
  });

  it("takes a call that broke for one of unknown cost", () => {
    for (const code of [Code.Unavailable, Code.DeadlineExceeded, Code.Internal]) {
      const lost = spentOf(fromDownstream(new ConnectError("Connection dropped", code)));
      expect(lost).toMatchObject({ attempts: 1, usage: { estimated: true } });
      expect(lost.usage?.costUsdNanos).toBeUndefined();
    }
  });

  it("takes a call that was refused, or could not be sent, for none", () => {
    const unsent = new ConnectError(
      "round_robin: No connection established. Last error: x",
      Code.Unavailable,
    );
    expect(spentOf(fromDownstream(unsent))).toMatchObject({ attempts: 0 });
    const refused = toConnectError(new SynodError({ reason: "overloaded", message: "full" }));
    expect(spentOf(refused).usage).toBeUndefined();
  });
});
