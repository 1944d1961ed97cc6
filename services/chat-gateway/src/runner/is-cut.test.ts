import type { Completion, FinishReason, RunEvent } from "@synod/consensus";
import { describe, expect, it } from "vitest";
import { isCut } from "./is-cut.js";

const usage = {
  inputTokens: 1,
  outputTokens: 1,
  cachedInputTokens: 0,
  reasoningTokens: 0,
  costUsdNanos: 0,
  estimated: false,
};

function answered(text: string, finishReason: FinishReason, round = 1): RunEvent {
  const completion: Completion = {
    text,
    toolCalls: [],
    refusal: "",
    finishReason,
    rawFinishReason: "",
    model: "sim/a",
    servedModel: "a",
    usage,
    latencyMs: 1,
    firstTokenMs: 1,
    attempts: 1,
  };
  return { type: "member_answered", round, voter: { member: 0, sample: 1 }, completion };
}

function called(truncated: boolean, round = 1): RunEvent {
  return { type: "aggregator_called", round, model: "sim/s", usage, failure: null, latencyMs: 1, truncated };
}

function aggregated(text: string, round = 1): RunEvent {
  const outcome = {
    text,
    answerKey: "",
    agreement: null,
    votes: [],
    promptVersion: "",
    aggregatorUnavailable: false,
  };
  return { type: "aggregated", round, outcome, aggregatorSkipped: false };
}

describe("isCut", () => {
  const cases: readonly (readonly [string, boolean, readonly RunEvent[]])[] = [
    ["the aggregator was cut", true, [answered("y", "stop"), called(true), aggregated("x")]],
    ["only a member was cut", false, [answered("y", "length"), called(false), aggregated("x")]],
    ["the member whose answer won was cut", true, [answered("x", "length"), aggregated("x")]],
    ["another member was cut", false, [answered("x", "stop"), answered("y", "length"), aggregated("x")]],
    [
      "one of two who wrote it was cut",
      false,
      [answered("x", "length"), answered("x", "stop"), aggregated("x")],
    ],
    [
      "an earlier round was cut",
      false,
      [called(true), aggregated("y"), called(false, 2), aggregated("x", 2)],
    ],
    ["nobody was asked", false, []],
  ];
  it.each(cases)("%s: %s", (_name, expected, events) => {
    expect(isCut(events, "x")).toBe(expected);
  });
});
