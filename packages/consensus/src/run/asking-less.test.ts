import { describe, expect, test } from "vitest";
import { runScript, type Says, type Script } from "../testing/scripted-run.js";
import { callUsage, completion, failure, member, question, specWith } from "../testing/specs.js";
import type { RunEvent } from "./event.js";
import { callerLeft } from "./failure.js";
import { stay } from "./moves.js";
import { nextStep } from "./next-step.js";
import { recordOf } from "./record.js";
import type { RunSpec } from "./spec.js";
import { newRun } from "./state.js";

const panel = (...says: readonly Says[]): Script => ({ members: (_, voter) => says[voter] ?? "" });
const five = ["a", "b", "c", "d", "e"].map((model) => member(model));
const majority = { strategy: "majority" } as const;

describe("some are asked first", () => {
  const spec = specWith({ members: five, askFirst: 2, aggregation: majority });

  test("they agree: the others are saved, and the record does not name them", () => {
    const { record, paid } = runScript(spec, { ...panel("42", "42"), roundStop: () => "agreed" });
    expect(record).toMatchObject({
      stopped: "agreed",
      degraded: [],
      agreement: 1,
      calls: { made: 2, saved: 3 },
    });
    expect(record.members.map(({ model, status }) => `${model} ${status}`)).toEqual([
      "a answered",
      "b answered",
    ]);
    expect(paid.members).toBe(2);
  });

  test("they are enough where a model aggregates, though the quorum of all is 3", () => {
    const { record, paid } = runScript(specWith({ members: five, askFirst: 2 }), {
      ...panel("42", "42"),
      roundStop: () => "agreed",
    });
    expect(record).toMatchObject({
      stopped: "agreed",
      calls: { made: 3, saved: 3 },
      result: { answer: "42" },
    });
    expect(paid).toEqual({ members: 2, aggregator: 1, judges: 0 });
  });

  test("they disagree: everyone is asked once, and nothing is saved", () => {
    const { record, paid } = runScript(spec, panel("42", "41", "42", failure("upstream_error"), "42"));
    expect(record).toMatchObject({ stopped: "complete", calls: { made: 5, saved: 0 } });
    expect(record.members).toHaveLength(5);
    expect(paid.members).toBe(5);
  });

  test("every one of several rounds asks some first", () => {
    const rounds = { max: 2, stopWhen: "never" } as const;
    const { record } = runScript(specWith({ members: five, askFirst: 2, aggregation: majority, rounds }), {
      ...panel("42", "42"),
      roundStop: (round) => (round === 1 ? "complete" : "agreed"),
      members: (round, voter) => (round === 1 && voter > 0 ? "41" : "42"),
    });
    expect(record).toMatchObject({ rounds: 2, stopped: "max_rounds", calls: { made: 7, saved: 3 } });
    expect(record.members.filter(({ round }) => round === 2)).toHaveLength(2);
  });

  test("F56: all who were asked failed: none of the others is counted", () => {
    const events: readonly RunEvent[] = [
      { type: "run_started", spec, messages: question },
      { type: "round_started", round: 1, regeneration: 0, voters: 2 },
      ...[0, 1].map(memberFailed),
      { type: "round_ended", round: 1, stop: "quorum_lost", usable: 0, quorum: 3 },
    ];
    expect(recordOf(events)).toMatchObject({ calls: { made: 2, saved: 0 }, degraded: ["member_failed"] });
    const { state } = events.reduce((step, event) => nextStep(step.state, event), stay(newRun));
    expect(state).toMatchObject({ result: { failure: { reason: "all_models_failed" } } });
  });

  test("the caller leaves while they are asked: the others were never asked", () => {
    const left = (...more: readonly RunEvent[]): readonly RunEvent[] => [
      { type: "run_started", spec, messages: question },
      { type: "round_started", round: 1, regeneration: 0, voters: 2 },
      { type: "member_answered", round: 1, voter: { member: 0, sample: 1 }, completion: completion("42") },
      ...more,
      { type: "caller_left", failure: callerLeft },
      { type: "run_finished", result: { status: "cancelled", failure: callerLeft } },
    ];
    const first = recordOf(left());
    expect(first.calls).toEqual({ made: 2, saved: 0 });
    expect(first.members.map(({ status }) => status)).toEqual(["answered", "cancelled"]);
    const all = recordOf(left({ type: "rest_asked", round: 1, voters: 3 }));
    expect(all.calls).toEqual({ made: 5, saved: 0 });
    expect(all.members).toHaveLength(5);
  });
});

test("a confident stop saves what it cancels, as a lossless one does", () => {
  const spec = specWith({ members: five, aggregation: majority, stopEarly: "confident" });
  const { record } = runScript(spec, {
    ...panel("42", "42", "42", "42", "cancelled"),
    roundStop: () => "confident",
  });
  expect(record).toMatchObject({ stopped: "confident", calls: { made: 5, saved: 1 } });
});

describe("hedging", () => {
  const spec = specWith({ members: [member("a", { fallbacks: ["b"] }), member("c")], aggregation: majority });
  const voter = { member: 0, sample: 1 };
  const hedged: RunEvent = { type: "member_hedged", round: 1, voter, model: "b" };
  const begun: readonly RunEvent[] = [
    { type: "run_started", spec, messages: question },
    { type: "round_started", round: 1, regeneration: 0, voters: 2 },
    hedged,
  ];
  const both = { usage: { ...callUsage, costUsdNanos: 250, estimated: true }, attempts: 2 };

  test("both calls are counted, and the record says who answered", () => {
    const won: RunEvent = {
      type: "member_answered",
      round: 1,
      voter,
      completion: completion("42", { ...both, model: "b" }),
      hedgeWon: true,
    };
    const record = recordOf([...begun, won]);
    expect(record).toMatchObject({
      calls: { made: 2, saved: 0 },
      usage: { costUsdNanos: 250 },
      degraded: [],
    });
    expect(record.members[0]).toMatchObject({
      model: "b",
      status: "answered",
      hedge: { model: "b", won: true },
    });
    const lost = recordOf([
      ...begun,
      { ...won, completion: completion("42", { ...both, model: "a" }), hedgeWon: false },
    ]);
    expect(lost.members[0]).toMatchObject({ model: "a", hedge: { model: "b", won: false } });
  });

  test("both calls of one that is cancelled are counted", () => {
    const record = recordOf([...begun, { type: "member_cancelled", round: 1, voter, latencyMs: 9, ...both }]);
    expect(record).toMatchObject({ calls: { made: 2 }, usage: { costUsdNanos: 250 } });
    expect(record.members[0]).toMatchObject({ status: "cancelled", hedge: { model: "b", won: false } });
  });

  test("what is interrupted was asked twice", () => {
    expect(recordOf([...begun, { type: "caller_left", failure: callerLeft }]).calls.made).toBe(3);
    const heard = memberFailed(0);
    expect(recordOf([...begun, heard, { type: "caller_left", failure: callerLeft }]).calls.made).toBe(2);
  });

  test("a simulated call that lost costs nothing", () => {
    const free: RunSpec = { ...spec, simulated: true, simulatedModels: ["a", "b"] };
    const unknown = completion("42", { usage: { ...callUsage, costUsdNanos: null }, attempts: 2 });
    const record = recordOf([
      { type: "run_started", spec: free, messages: question },
      { type: "round_started", round: 1, regeneration: 0, voters: 2 },
      hedged,
      { type: "member_answered", round: 1, voter, completion: unknown },
    ]);
    expect(record.usage.costUsdNanos).toBe(0);
    expect(record.members[0]?.usage?.costUsdNanos).toBe(0);
  });
});

function memberFailed(index: number): RunEvent {
  return {
    type: "member_failed",
    round: 1,
    voter: { member: index, sample: 1 },
    failure: failure("upstream_error"),
    usage: callUsage,
    latencyMs: 5,
  };
}
