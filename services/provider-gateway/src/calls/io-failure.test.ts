import { UpstreamIoError, type UpstreamIoErrorKind } from "@synod/upstream-http";
import { describe, expect, it } from "vitest";
import { invalidRequest, type ProviderError } from "../providers/provider-error.js";
import { isCallError, toCallError } from "./io-failure.js";

const again = { retryable: true, failOver: "any", repeats: 2, blames: "target" } as const;
const unreachable = { ...again, reason: "provider_unreachable" } as const;
const late = { ...again, reason: "upstream_timeout", repeats: 0 } as const;
const unreadable = { ...again, reason: "invalid_upstream_response", repeats: 1 } as const;
const nobodys = { failOver: "none", repeats: 0, blames: "nobody" } as const;

describe("a broken call", () => {
  it.each<[UpstreamIoErrorKind, Partial<ProviderError>]>([
    ["refused", unreachable],
    ["dns", unreachable],
    ["unreachable", unreachable],
    ["no_room", { ...again, reason: "overloaded", failOver: "none", blames: "nobody" }],
    ["connect_timeout", unreachable],
    ["tls", { ...unreachable, retryable: false, failOver: "other_provider", repeats: 0 }],
    ["reset", { ...again, reason: "upstream_error" }],
    ["first_token_timeout", late],
    ["idle_timeout", late],
    ["total_timeout", { ...nobodys, reason: "upstream_timeout", retryable: true }],
    ["too_large", { ...unreadable, repeats: 0 }],
    ["encoding", unreadable],
    ["protocol", unreadable],
    ["aborted", { ...nobodys, reason: "canceled", retryable: false }],
    ["closed", { ...nobodys, reason: "overloaded", retryable: true }],
  ])("%s", (kind, expected) => {
    const broken = new UpstreamIoError(kind, "what happened", { sent: true });
    expect(isCallError(broken)).toBe(true);
    expect(toCallError(broken)).toEqual({ ...expected, message: "what happened" });
  });

  it("says what it said where that is known", () => {
    const failure = invalidRequest("n: only 1 is supported");
    expect(toCallError(failure)).toBe(failure.error);
  });

  it("is a defect where nobody foresaw it, and says nothing of it", () => {
    const defect = new TypeError("a secret is not a function");
    expect(isCallError(defect)).toBe(false);
    expect(toCallError(defect)).toEqual({
      ...nobodys,
      reason: "internal",
      retryable: false,
      message: "internal error",
    });
  });
});
