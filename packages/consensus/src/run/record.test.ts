import { describe, expect, test } from "vitest";
import { runScript, type Says, type Script } from "../testing/scripted-run.js";
import { callUsage, completion, failure, member, question, specWith } from "../testing/specs.js";
import type { RunEvent } from "./event.js";
import { callerLeft } from "./failure.js";
import type { MemberSpec } from "./spec.js";
import { recordOf } from "./record.js";
import { noUsage } from "./usage.js";

const panel = (...says: readonly Says[]): Script => ({ members: (_, voter) => says[voter] ?? "" });
const majority = { strategy: "majority" } as const;

test("the record of a whole run", () => {
  const spec = specWith({
    members: [member("m0", { samples: 2 }), member("m1", { weight: 2 }), member("m2")],
    aggregation: majority,
    quorum: 2,
    simulated: true,
  });
  const script = panel(
    "42",
    completion("41", { finishReason: "length" }),
    "It is 42",
    failure("upstream_error"),
  );
  const { record } = runScript(spec, script);
  const answered = {
    servedModel: "served",
    round: 1,
    status: "answered",
    counted: true,
    abstention: null,
    usage: callUsage,
    latencyMs: 100,
    firstTokenMs: 20,
    finishReason: "stop",
    truncated: false,
    failure: null,
    swings: false,
    hedge: null,
  };
  expect(record).toEqual({
    preset: "test",
    strategy: "majority",
    rounds: 1,
    simulated: true,
    agreement: 3 / 3.5,
    confidence: null,
    validated: null,
    stopped: "complete",
    degraded: ["member_failed"],
    members: [
      { ...answered, model: "m0", sample: 1, answerKey: "42", influence: 3 / 3.5 - 2 / 2.5 },
      {
        ...answered,
        model: "m0",
        sample: 2,
        answerKey: "41",
        finishReason: "length",
        truncated: true,
        influence: 3 / 3.5 - 1,
      },
      { ...answered, model: "m1", sample: 1, answerKey: "42", influence: 3 / 3.5 - 1 / 1.5 },
      {
        model: "m2",
        servedModel: "",
        round: 1,
        sample: 1,
        status: "failed",
        answerKey: "",
        counted: false,
        abstention: null,
        usage: noUsage,
        latencyMs: 5,
        firstTokenMs: null,
        finishReason: null,
        truncated: false,
        failure: failure("upstream_error"),
        influence: null,
        swings: false,
        hedge: null,
      },
    ],
    dissent: [{ answerKey: "41", models: ["m0"] }],
    judge: null,
    calls: { made: 4, saved: 0 },
    tieBroken: false,
    fields: [],
    formatProblem: null,
    usage: { ...noUsage, inputTokens: 30, outputTokens: 15, costUsdNanos: 300 },
    result: { status: "completed", answer: "It is 42", stopped: "complete" },
  });
});

describe("confidence", () => {
  const certain = (model: string, accuracy: number) => member(model, { accuracy });
  const confidenceOf = (members: readonly MemberSpec[], ...says: readonly Says[]) =>
    runScript(specWith({ members, aggregation: majority, quorum: 1 }), panel(...says)).record.confidence;
  const three = [certain("m0", 0.8), certain("m1", 0.7), certain("m2", 0.6)];
  const odds = (...accuracies: readonly number[]) => accuracies.reduce((all, p) => all * (p / (1 - p)), 1);

  test("is the posterior of the winner, from the accuracies of those who voted", () => {
    const against = odds(0.8, 0.7) / odds(0.6);
    expect(confidenceOf(three, "42", "42", "41")).toBeCloseTo(against / (1 + against), 12);
    expect(confidenceOf(three, "42", "42", failure("upstream_error"))).toBeCloseTo(56 / 62, 12);
  });

  test("a cut answer is half the evidence, and a second sample of it none", () => {
    const cut = completion("42", { finishReason: "length" });
    expect(confidenceOf(three, cut, " ", " ")).toBeCloseTo(2 / 3, 12);
    expect(confidenceOf([member("m0", { accuracy: 0.8, samples: 2 })], "42", "42")).toBeCloseTo(0.8, 12);
  });

  test("null when an accuracy is unknown: of a member, or of a fallback that answered", () => {
    expect(confidenceOf([...three.slice(1), member("m3")], "42", "42", "42")).toBeNull();
    expect(confidenceOf(three, completion("42", { model: "other" }), "42", "42")).toBeNull();
    expect(confidenceOf(three, " ", " ", " ")).toBeNull();
  });
});

describe("members", () => {
  test("who was stopped is cancelled; who abstained has no key", () => {
    const { record } = runScript(specWith({ aggregation: majority, answerFormat: "number", quorum: 1 }), {
      ...panel("42", "no idea", "cancelled"),
      roundStop: () => "quorum",
    });
    expect(record.members.map((m) => [m.status, m.answerKey, m.abstention?.reason])).toEqual([
      ["answered", "42", undefined],
      ["abstained", "", "no_number"],
      ["cancelled", "", undefined],
    ]);
    expect(record.members.map(({ counted }) => counted)).toEqual([true, false, false]);
    expect(record.calls).toEqual({ made: 3, saved: 0 });
  });

  test("F19, F20: filtered content and calls of tools alone abstain", () => {
    const call = { id: "1", name: "f", argumentsJson: "{}" };
    const filtered = completion("42", { finishReason: "content_filter" });
    const tools = completion("", { finishReason: "tool_calls", toolCalls: [call] });
    const { record } = runScript(specWith({ quorum: 1 }), panel("42", filtered, tools));
    expect(record.members.map((m) => m.status)).toEqual(["answered", "abstained", "abstained"]);
    expect(record.members.map((m) => m.abstention)).toEqual([
      null,
      { reason: "refused", message: "It is a refusal." },
      { reason: "unknown_tool", message: 'It calls "f", which was not offered.' },
    ]);
    expect(record.members.map((m) => m.finishReason)).toEqual(["stop", "content_filter", "tool_calls"]);
  });

  test("one entry for each round", () => {
    const { record } = runScript(specWith({ rounds: { max: 2, stopWhen: "never" } }), {
      members: (round) => String(round),
    });
    expect(record.members.map((m) => [m.round, m.model, m.answerKey])).toEqual([
      [1, "m0", "1"],
      [1, "m1", "1"],
      [1, "m2", "1"],
      [2, "m0", "2"],
      [2, "m1", "2"],
      [2, "m2", "2"],
    ]);
  });

  test("a fallback that answered is named, among the dissent too", () => {
    const { record } = runScript(
      specWith({ aggregation: majority }),
      panel("42", "42", completion("41", { model: "fallback", attempts: 3 })),
    );
    expect(record.members[2]?.model).toBe("fallback");
    expect(record.dissent).toEqual([{ answerKey: "41", models: ["fallback"] }]);
    expect(record.calls.made).toBe(5);
  });

  test("dissent lists each model once, the strongest answer first", () => {
    const members = [member("a", { samples: 3 }), member("b", { samples: 2 }), member("c")];
    const { record } = runScript(
      specWith({ members, aggregation: majority }),
      panel("42", "42", "42", "41", "41", "40"),
    );
    expect(record.dissent).toEqual([
      { answerKey: "41", models: ["b"] },
      { answerKey: "40", models: ["c"] },
    ]);
  });

  test("concatenate decides nothing: no agreement, no dissent, but the keys are there", () => {
    const { record } = runScript(
      specWith({ aggregation: { strategy: "concatenate" } }),
      panel("42", "41", "40"),
    );
    expect(record).toMatchObject({ agreement: null, dissent: [] });
    expect(record.members.map((m) => m.answerKey)).toEqual(["42", "41", "40"]);
  });
});

describe("calls", () => {
  test("members that could not change the winner are saved, though they were started", () => {
    const members = ["a", "b", "c", "d", "e"].map((model) => member(model));
    const { record } = runScript(specWith({ members, aggregation: majority, stopEarly: "lossless" }), {
      ...panel("42", "42", "42", "cancelled", "cancelled"),
      roundStop: () => "lossless",
    });
    expect(record).toMatchObject({ stopped: "lossless", calls: { made: 5, saved: 2 } });
    expect(record.degraded).toEqual(["cost_unknown"]);
    expect(record.usage).toMatchObject({ costUsdNanos: null, outputTokens: 15, estimated: true });
  });

  test("a failure before anything was sent is no call", () => {
    const { record } = runScript(specWith(), panel("42", "42", failure("provider_not_configured")));
    expect(record.calls.made).toBe(3);
  });

  test("a repaired verdict is two calls, and both are paid", () => {
    const { events } = runScript(specWith({ judge: { mode: "annotate" } }), panel("42", "42", "42"));
    const repaired = events.map((event): RunEvent => {
      if (event.type !== "judged") return event;
      const votes = event.verdict.votes.map((vote) => ({ ...vote, calls: [...vote.calls, ...vote.calls] }));
      return { ...event, verdict: { ...event.verdict, votes } };
    });
    expect(recordOf(events)).toMatchObject({ calls: { made: 5 }, usage: { costUsdNanos: 500 } });
    expect(recordOf(repaired)).toMatchObject({ calls: { made: 6 }, usage: { costUsdNanos: 600 } });
  });

  test("one unknown price makes the cost unknown, the tokens are still counted", () => {
    const free = completion("42", { usage: { ...callUsage, costUsdNanos: null, estimated: true } });
    const { record } = runScript(specWith(), panel("42", free, "42"));
    expect(record.usage).toEqual({
      ...noUsage,
      inputTokens: 40,
      outputTokens: 20,
      costUsdNanos: null,
      estimated: true,
    });
    expect(record.degraded).toEqual(["cost_unknown"]);
  });

  test("what went wrong is listed once, in a fixed order", () => {
    const priceless = completion("42", { usage: { ...callUsage, costUsdNanos: null } });
    const { record } = runScript(specWith({ judge: { mode: "gate" } }), {
      ...panel(priceless, "41", failure("upstream_error")),
      aggregator: () => failure("upstream_timeout"),
      judge: () => "down",
    });
    expect(record.degraded).toEqual([
      "aggregator_unavailable",
      "judge_unavailable",
      "member_failed",
      "cost_unknown",
    ]);
  });
});

describe("a part of a log", () => {
  const spec = specWith({ judge: { mode: "gate", maxRegenerations: 1 } });
  const { events } = runScript(spec, { ...panel("42", "42", "41"), judge: () => "wrong" });
  const until = (type: RunEvent["type"], count = 1): readonly RunEvent[] => {
    const at = events.flatMap((event, i) => (event.type === type ? [i] : []))[count - 1] ?? -1;
    return events.slice(0, at + 1);
  };

  test("says how far the run is", () => {
    expect(recordOf(until("run_started"))).toMatchObject({
      rounds: 0,
      members: [],
      agreement: null,
      stopped: null,
      result: null,
    });
    const answered = recordOf(until("member_answered", 2));
    expect(answered.members.map((m) => [m.status, m.answerKey])).toEqual([
      ["answered", "42"],
      ["answered", "42"],
    ]);
    expect(answered).toMatchObject({ rounds: 1, calls: { made: 2 }, judge: { verdict: null, attempts: 0 } });
    expect(recordOf(until("aggregated"))).toMatchObject({ validated: null, calls: { made: 4 } });
    expect(recordOf(until("judged"))).toMatchObject({
      validated: false,
      judge: { verdict: "wrong", attempts: 1 },
    });
  });

  test("a verdict on an answer that was replaced says nothing about the new one", () => {
    expect(recordOf(until("aggregated", 2))).toMatchObject({
      validated: null,
      judge: { verdict: "wrong", attempts: 1 },
    });
    expect(recordOf(until("judged", 2))).toMatchObject({ validated: false, judge: { attempts: 2 } });
  });

  test("voters that a finished run never heard of again were cancelled", () => {
    const cut: readonly RunEvent[] = [
      ...until("member_answered"),
      { type: "caller_left", failure: callerLeft },
      { type: "run_finished", result: { status: "cancelled", failure: callerLeft } },
    ];
    expect(recordOf(cut).members.map((m) => m.status)).toEqual(["answered", "cancelled", "cancelled"]);
  });

  test("a log begins with run_started", () => {
    expect(() => recordOf([])).toThrow(/run_started/);
    expect(() => recordOf([{ type: "caller_left", failure: callerLeft }])).toThrow(/run_started/);
  });
});

test("the events of a run are plain data", () => {
  const { events, record } = runScript(specWith(), panel("42", "42", "41"));
  const copied: readonly RunEvent[] = JSON.parse(JSON.stringify(events));
  expect(recordOf(copied)).toEqual(record);
  expect(copied[0]).toMatchObject({ messages: question });
});
