import { describe, expect, it } from "vitest";
import { openrouterLimits } from "./openrouter-limits.js";
import { codecs } from "./registry.js";

const headersOf = (headers: Readonly<Record<string, string>>) => (name: string) => headers[name];

const groqHeaders = {
  "x-ratelimit-limit-requests": "1000",
  "x-ratelimit-limit-tokens": "8000",
  "x-ratelimit-remaining-requests": "998",
  "x-ratelimit-remaining-tokens": "7927",
  "x-ratelimit-reset-requests": "2m52.8s",
  "x-ratelimit-reset-tokens": "547ms",
};

describe("Groq's limits", () => {
  it("stand in every answer, with Go's durations", () => {
    expect(codecs.groq.decodeLimits(headersOf(groqHeaders))).toEqual({
      requests: { limit: 1_000, remaining: 998, resetMs: 172_800 },
      tokens: { limit: 8_000, remaining: 7_927, resetMs: 547 },
    });
  });

  it.each(["-1", "1e9", "", "lots"])("are left out where one is no number: %j", (value) => {
    const headers = { ...groqHeaders, "x-ratelimit-remaining-tokens": value };
    expect(codecs.groq.decodeLimits(headersOf(headers))).toEqual({
      requests: { limit: 1_000, remaining: 998, resetMs: 172_800 },
    });
  });

  it("are none without the headers", () => {
    expect(codecs.groq.decodeLimits(() => undefined)).toBeNull();
  });
});

describe("OpenRouter's limit", () => {
  const now = 1_731_000_000_000;
  const headers = (reset: string) =>
    headersOf({
      "x-ratelimit-limit": "20",
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": reset,
    });

  it.each([
    ["1731000012000", 12_000],
    ["1731000012", 12_000],
    ["30", 30_000],
    ["0.5", 500],
    ["99999999999999", 24 * 3_600_000],
  ])("resets at %s, in seconds or milliseconds, since 1970 or from now", (reset, resetMs) => {
    expect(openrouterLimits(headers(reset), now)).toEqual({ requests: { limit: 20, remaining: 0, resetMs } });
  });

  it.each(["", "soon", "-5", "0", "1730999999", "1730999999999", "100000"])(
    "is none when it resets at %j",
    (reset) => {
      expect(openrouterLimits(headers(reset), now)).toBeNull();
    },
  );

  it("is none in answers that say nothing of it", () => {
    expect(codecs.openrouter.decodeLimits(() => undefined)).toBeNull();
  });
});

it("other servers' limits are not read: nobody says what they mean", () => {
  expect(codecs.openai.decodeLimits(headersOf(groqHeaders))).toBeNull();
});

it("leaving a stream ends the bill, but not with Groq", () => {
  expect(Object.values(codecs).map(({ kind, billsUntilLeft }) => [kind, billsUntilLeft])).toEqual([
    ["openrouter", true],
    ["groq", false],
    ["openai", true],
  ]);
});
