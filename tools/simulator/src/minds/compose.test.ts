import { describe, expect, test } from "vitest";
import { readBenchModel } from "../models/bench.js";
import { derivedProfile } from "../models/derived-profile.js";
import { cutText, paceOf } from "./compose.js";

const request = { model: "a", messages: [], stream: false, stop: [], tools: [], toolChoice: "auto" as const };
const profile = derivedProfile("google/gemini-2.0-flash-001");
const options = { speed: 1, seed: 1, call: 1 };

test("a text is cut at the first stop text and at the limit of tokens", () => {
  expect(cutText("one two three", { ...request, stop: ["three", " two"] })).toEqual({
    tokens: ["one"],
    finishReason: "stop",
  });
  expect(cutText("one two three", { ...request, maxTokens: 2 })).toEqual({
    tokens: ["one", " two"],
    finishReason: "length",
  });
  expect(cutText("one two", { ...request, maxTokens: 2, stop: [""] })).toMatchObject({
    finishReason: "stop",
  });
});

describe("time", () => {
  test("passes as the model's data say, faster by the speed, differently for each call", () => {
    const draws = Array.from({ length: 999 }, (_, call) =>
      paceOf(profile, undefined, { ...options, latency: "real", call }),
    );
    const sorted = draws.map(({ firstTokenMs }) => firstTokenMs).toSorted((a, b) => a - b);
    expect((sorted[499] ?? 0) / profile.latency.medianMs).toBeCloseTo(1, 0);
    expect(sorted[0]).toBeGreaterThan(0);
    const slow = paceOf(profile, undefined, { ...options, latency: "real" });
    const fast = paceOf(profile, undefined, { ...options, latency: "real", speed: 10 });
    expect(fast.firstTokenMs).toBeCloseTo(slow.firstTokenMs / 10, 6);
    expect(fast.perTokenMs).toBeCloseTo(slow.perTokenMs / 10, 6);
  });

  test("is set by the options, or off", () => {
    expect(paceOf(profile, undefined, { ...options, latency: "off" })).toEqual({
      firstTokenMs: 0,
      perTokenMs: 0,
    });
    const latency = { medianMs: 20, sigma: 0, tokensPerSecond: 100 };
    expect(paceOf(profile, undefined, { ...options, latency })).toEqual({ firstTokenMs: 20, perTokenMs: 10 });
  });

  test("is part of the id of a bench model", () => {
    const bench = readBenchModel("bench/echo-10-at-50-after-200");
    expect(paceOf(profile, bench, { ...options, latency: "real" })).toEqual({
      firstTokenMs: 200,
      perTokenMs: 20,
    });
    expect(readBenchModel("bench/other")).toBeUndefined();
  });
});
