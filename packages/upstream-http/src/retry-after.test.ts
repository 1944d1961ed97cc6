import { describe, expect, it } from "vitest";
import { parseGoDuration, parseRetryAfter, retryAfterMs } from "./retry-after.js";

const now = Date.UTC(2026, 10, 22, 10, 0, 0);

describe("parseGoDuration", () => {
  it.each([
    ["2m52.8s", 172_800],
    ["547ms", 547],
    ["6m0s", 360_000],
    ["1.3275s", 1_328],
    ["6m39.168s", 399_168],
    ["1h", 3_600_000],
    ["500µs", 1],
    ["99999h", 86_400_000],
  ])("reads %s", (text, ms) => {
    expect(parseGoDuration(text)).toBe(ms);
  });

  it.each(["", "5", "s", "-1s", "1x", "1s ", "1e9s", `${"9".repeat(30)}s`])("refuses %j", (text) => {
    expect(parseGoDuration(text)).toBeUndefined();
  });
});

describe("parseRetryAfter", () => {
  it.each([
    ["12", 12_000],
    [" 0.5 ", 500],
    ["0", 0],
    ["1.5s", 1_500],
    ["Sun, 22 Nov 2026 10:00:30 GMT", 30_000],
    ["Sun, 22 Nov 2026 09:00:00 GMT", 0],
    ["999999999999", 86_400_000],
  ])("reads %s", (value, ms) => {
    expect(parseRetryAfter(value, now)).toBe(ms);
  });

  it.each(["", "-5", "soon", "NaN", "2026-11-22"])("refuses %j", (value) => {
    expect(parseRetryAfter(value, now)).toBeUndefined();
  });
});

describe("retryAfterMs", () => {
  it("prefers milliseconds", () => {
    const headers: Record<string, string> = { "retry-after-ms": "250", "retry-after": "9" };
    expect(retryAfterMs((name) => headers[name], now)).toBe(250);
    expect(retryAfterMs((name) => (name === "retry-after" ? "9" : undefined), now)).toBe(9_000);
    expect(retryAfterMs(() => undefined, now)).toBeUndefined();
  });
});
