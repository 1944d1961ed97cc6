import { callerLeft, type Failure, type RunEvent } from "@synod/consensus";
import { failureOf, SynodError } from "@synod/rpc";
import { createMemoryRunStore } from "@synod/run-store";
import { eventually } from "@synod/testing";
import { describe, expect, it } from "vitest";
import { systemClock } from "../clock.js";
import { runCancelled, stopping } from "../given-up.js";
import { createManualClock } from "../testing/manual-clock.js";
import { judgeSpec, requestOf, startRunner, synthesis } from "../testing/runner.js";
import { hangs, says, textOf } from "../testing/script.js";

const types = (events: readonly { readonly event: RunEvent }[]): string[] =>
  events.map(({ event }) => event.type);
const limited: Failure = {
  reason: "rate_limit_exceeded",
  message: "Too fast.",
  retryable: true,
  retryAfterMs: 3_000,
};

describe("a run", () => {
  it("asks the members, has one answer made, and logs each step before the next is begun", async () => {
    const store = createMemoryRunStore();
    const seenWhenAsked: string[][] = [];
    const look = async (): Promise<void> => {
      const [run] = (await store.list({ limit: 1 })).runs;
      seenWhenAsked.push(types(await store.read(run?.runId ?? "")));
    };
    await using house = startRunner(
      {
        member: () => ({ after: look(), pieces: ["42"] }),
        aggregate: () => ({ after: look(), pieces: ["42"] }),
      },
      { store },
    );
    const run = await house.runner.run(requestOf({ aggregation: synthesis }));
    expect(run.result).toEqual({ status: "completed", answer: "42", stopped: "complete" });
    const log = types(await store.read(run.runId));
    expect(log).toEqual([
      "run_started",
      "round_started",
      "member_answered",
      "member_answered",
      "member_answered",
      "round_ended",
      "aggregator_called",
      "aggregated",
      "run_finished",
    ]);
    expect(seenWhenAsked[0]).toEqual(log.slice(0, 2));
    expect(seenWhenAsked[3]).toEqual(log.slice(0, 6));
    expect(house.ledger.paid).toBe(4);
    expect(run.record.calls).toEqual({ made: 4, saved: 0 });
  });

  it("asks improvement rounds with the consensus and the improvement prompt", async () => {
    await using house = startRunner({ aggregate: (_, before) => says(`draft ${before + 1}`) });
    const run = await house.runner.run(
      requestOf({ aggregation: synthesis, rounds: { max: 2, stopWhen: "never" } }),
    );
    expect(run.result).toMatchObject({ status: "completed", answer: "draft 2" });
    const [first, second] = house.ledger.rounds;
    expect(first?.messages.map(textOf)).toEqual(["What is 6 x 7?"]);
    expect(second?.messages.map(textOf)).toEqual(["What is 6 x 7?", "Consensus: draft 1", "Improve."]);
    // 2 rounds of 3 members, an aggregation each
    expect(house.ledger.paid).toBe(8);
  });

  it("counts every voter as failed when the round itself fails", async () => {
    await using house = startRunner({
      member: () => ({
        error: new SynodError({ reason: "overloaded", message: "Full.", retryAfterMs: 500 }),
      }),
    });
    const run = await house.runner.run(requestOf());
    expect(run.result).toMatchObject({ status: "failed", failure: { reason: "all_models_failed" } });
    expect(run.record.members.map(({ status }) => status)).toEqual(["failed", "failed", "failed"]);
    expect(run.record.members[0]?.failure).toEqual({
      reason: "overloaded",
      message: "Full.",
      retryable: true,
      retryAfterMs: 500,
    });
  });

  it("fails with what all members failed with", async () => {
    await using house = startRunner({ member: () => ({ failure: limited }) });
    const run = await house.runner.run(requestOf());
    expect(run.result).toMatchObject({
      status: "failed",
      failure: { reason: "rate_limit_exceeded", retryAfterMs: 3_000 },
    });
    expect(house.ledger.paid).toBe(3);
  });

  it("cancels what is outstanding at the deadline and fails without an answer", async () => {
    const clock = createManualClock();
    await using house = startRunner(
      { member: (model) => (model === "sim/b" ? hangs : says("42")) },
      { clock },
    );
    const running = house.runner.run(requestOf());
    await eventually(() => house.ledger.members === 3);
    clock.fire();
    const run = await running;
    expect(run.result).toMatchObject({ status: "failed", failure: { reason: "deadline_exceeded" } });
    await eventually(() => house.ledger.aborted === 1, { what: "the hanging member is left" });
    expect(house.ledger.paid).toBe(3);
  });

  it("goes out with the earlier answer at the deadline of a later round", async () => {
    const clock = createManualClock();
    let asked = 0;
    await using house = startRunner(
      { member: () => (asked++ < 3 ? says("42") : hangs), aggregate: () => says("It is 42.") },
      { clock },
    );
    const rounds = { max: 3, stopWhen: "never" } as const;
    const running = house.runner.run(requestOf({ aggregation: synthesis, rounds }));
    await eventually(() => house.ledger.members === 6);
    clock.fire();
    const run = await running;
    expect(run.result).toEqual({ status: "completed", answer: "It is 42.", stopped: "deadline" });
    expect(run.record.degraded).toContain("stopped_by_deadline");
    await eventually(() => house.ledger.aborted === 3, { what: "the second round is left" });
    expect(house.ledger.paid).toBe(7);
  });

  it("ends as cancelled when its caller leaves, and leaves every call", async () => {
    await using house = startRunner({ member: () => hangs });
    const caller = new AbortController();
    const running = house.runner.run(requestOf({}, caller.signal));
    await eventually(() => house.ledger.members === 3);
    caller.abort();
    const run = await running;
    expect(run.result).toEqual({ status: "cancelled", failure: callerLeft });
    await eventually(() => house.ledger.aborted === 3, { what: "every member is left" });
    expect(types(await house.store.read(run.runId)).slice(-2)).toEqual(["caller_left", "run_finished"]);
  });

  it("asks nobody for a caller who has left before", async () => {
    await using house = startRunner({});
    const run = await house.runner.run(requestOf({}, AbortSignal.abort()));
    expect(run.result).toEqual({ status: "cancelled", failure: callerLeft });
    expect(house.ledger.paid).toBe(0);
  });

  it("refuses to start when the log is full, and asks nobody", async () => {
    await using house = startRunner({ member: () => hangs }, { store: createMemoryRunStore({ maxRuns: 1 }) });
    const caller = new AbortController();
    const running = house.runner.run(requestOf({}, caller.signal));
    await eventually(() => house.ledger.members === 3);
    const refused = await house.runner.run(requestOf()).catch(failureOf);
    expect(refused).toMatchObject({ reason: "overloaded", retryable: true, retryAfterMs: 1_000 });
    expect(house.ledger.paid).toBe(3);
    caller.abort();
    await running;
  });

  it("ends as cancelled when its log says so, and is logged as it is wanted", async () => {
    await using house = startRunner({ member: () => hangs });
    const logged = { runId: "run-1", owner: "key-1", request: "{}", requestHash: "h", idempotencyKey: "k" };
    const running = house.runner.run({ ...requestOf(), logged });
    await eventually(() => house.ledger.members === 3);
    expect(await house.store.cancel("run-1", "key-1")).toBe(true);
    const result = { status: "cancelled", failure: runCancelled };
    expect(await running).toMatchObject({ runId: "run-1", result, record: { calls: { made: 3 } } });
    await eventually(() => house.ledger.aborted === 3, { what: "every member is left" });
    expect(await house.store.find("run-1", "key-1")).toMatchObject({
      status: "cancelled",
      request: "{}",
      idempotencyKey: "k",
    });
  });

  it("is cancelled when the runner is disposed", async () => {
    const house = startRunner({ member: () => hangs });
    const running = house.runner.run(requestOf());
    await eventually(() => house.ledger.members === 3);
    await house[Symbol.asyncDispose]();
    expect((await running).result).toEqual({ status: "cancelled", failure: stopping });
    expect(house.ledger.aborted).toBe(3);
  });
});

describe("the text of a run", () => {
  it("is streamed as the last aggregation writes it", async () => {
    await using house = startRunner({ aggregate: () => says("It ", "is ", "42.") });
    const pieces: string[] = [];
    const request = requestOf({ aggregation: synthesis });
    const run = await house.runner.run(request, { text: (piece) => void pieces.push(piece) });
    expect(pieces).toEqual(["It ", "is ", "42."]);
    expect(run.result).toMatchObject({ answer: "It is 42." });
    expect(house.ledger.aggregations.map(({ streamText }) => streamText)).toEqual([true]);
    expect(house.ledger.paid).toBe(4);
  });

  it("is not asked for when nobody reads it, nor of an aggregation that is not the last", async () => {
    await using house = startRunner({});
    await house.runner.run(requestOf({ aggregation: synthesis }));
    const rounds = { max: 2, stopWhen: "never" } as const;
    await house.runner.run(requestOf({ aggregation: synthesis, rounds }), { text: () => undefined });
    expect(house.ledger.aggregations.map(({ streamText }) => streamText)).toEqual([false, false, true]);
  });

  it("waits for a slow reader before it reads on", async () => {
    await using house = startRunner({ aggregate: () => says("a", "b") });
    const pieces: string[] = [];
    let release = (): void => undefined;
    const request = requestOf({ aggregation: synthesis });
    const running = house.runner.run(request, {
      text(piece) {
        pieces.push(piece);
        return new Promise((resolve) => {
          release = resolve;
        });
      },
    });
    await eventually(() => pieces.length === 1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(pieces).toEqual(["a"]);
    release();
    await eventually(() => pieces.length === 2);
    release();
    expect((await running).result).toMatchObject({ answer: "ab" });
  });

  it("fails the run when the aggregator fails after a piece went out", async () => {
    const error = new SynodError({ reason: "upstream_error", message: "It broke." });
    await using house = startRunner({ aggregate: () => ({ pieces: ["It is"], error }) });
    const pieces: string[] = [];
    const request = requestOf({ aggregation: synthesis });
    const run = await house.runner.run(request, { text: (piece) => void pieces.push(piece) });
    expect(pieces).toEqual(["It is"]);
    expect(run.result).toMatchObject({ status: "failed", failure: { reason: "upstream_error" } });
    expect(house.ledger.paid).toBe(4);
  });

  it("fails the run when the deadline passes while it is written", async () => {
    const clock = createManualClock();
    await using house = startRunner({ aggregate: () => ({ pieces: ["It is"], hangs: true }) }, { clock });
    const run = await house.runner.run(requestOf({ aggregation: synthesis }), { text: () => clock.fire() });
    expect(run.result).toMatchObject({ status: "failed", failure: { reason: "deadline_exceeded" } });
    await eventually(() => house.ledger.aborted === 1);
  });

  it("goes out whole before an annotating judge is asked", async () => {
    const order: string[] = [];
    await using house = startRunner({
      judge: () => {
        order.push("judge");
        return { verdict: "wrong" };
      },
    });
    const run = await house.runner.run(requestOf({ judge: judgeSpec("annotate") }), {
      text: (piece) => void order.push(`text ${piece}`),
    });
    expect(order).toEqual(["text 42", "judge"]);
    expect(run.record).toMatchObject({ validated: false, judge: { verdict: "wrong", attempts: 1 } });
    expect(house.ledger.paid).toBe(4);
  });

  it("stays whole when the deadline passes while an annotating judge thinks", async () => {
    const clock = createManualClock();
    await using house = startRunner({ judge: () => hangs }, { clock });
    const running = house.runner.run(requestOf({ judge: judgeSpec("annotate") }), { text: () => undefined });
    await eventually(() => house.ledger.judgements.length === 1);
    clock.fire();
    const run = await running;
    expect(run.result).toMatchObject({ status: "completed", answer: "42", stopped: "deadline" });
    expect(run.record.validated).toBeNull();
    await eventually(() => house.ledger.aborted === 1);
  });
});

describe("a gate", () => {
  it("holds the answer until it is accepted: members see what was wrong", async () => {
    const pieces: string[] = [];
    await using house = startRunner({
      aggregate: (_, before) => says(`draft ${before + 1}`),
      judge: (_, before) => ({ verdict: before === 0 ? "wrong" : "right" }),
    });
    const request = requestOf({ aggregation: synthesis, judge: judgeSpec("gate") });
    const run = await house.runner.run(request, { text: (piece) => void pieces.push(piece) });
    expect(run.result).toEqual({ status: "completed", answer: "draft 2", stopped: "accepted" });
    expect(run.record).toMatchObject({ validated: true, judge: { verdict: "right", attempts: 2 } });
    expect(pieces).toEqual([]);
    expect(house.ledger.rounds[1]?.messages.map(textOf).join("\n")).toContain("too short");
    expect(house.ledger.judgements.map(({ answer }) => answer)).toEqual(["draft 1", "draft 2"]);
    // (3 members + aggregator + judge) x (1 + 1 regeneration)
    expect(house.ledger.paid).toBe(10);
  });

  it("F53: gives up after the most regenerations, and says so", async () => {
    await using house = startRunner({ judge: () => ({ verdict: "wrong" }) });
    const judge = judgeSpec("gate", { maxRegenerations: 2 });
    const run = await house.runner.run(requestOf({ aggregation: synthesis, judge }));
    expect(run.result).toMatchObject({ status: "completed", stopped: "max_regenerations" });
    expect(run.record).toMatchObject({ validated: false, judge: { attempts: 3 } });
    expect(house.ledger.paid).toBe(15);
  });

  it("F52: lets the answer out unvalidated when the judge is down, or fails, as the preset says", async () => {
    const error = new SynodError({ reason: "service_unavailable", message: "Down." });
    await using house = startRunner({ judge: () => ({ error }) });
    const lenient = await house.runner.run(requestOf({ judge: judgeSpec("gate") }));
    expect(lenient.result).toMatchObject({ status: "completed" });
    expect(lenient.record).toMatchObject({ validated: null, degraded: ["judge_unavailable"] });
    const strict = await house.runner.run(requestOf({ judge: judgeSpec("gate", { whenDown: "fail" }) }));
    expect(strict.result).toMatchObject({ status: "failed", failure: { reason: "judge_unavailable" } });
  });

  it("does not ask a judge about a relative's answer that nobody else gave, where others remain", async () => {
    await using house = startRunner({
      member: (model) => says(model === "sim/a" ? "42" : model === "sim/b" ? "7" : "8"),
      aggregate: () => says("42"),
    });
    const judge = judgeSpec("gate", { models: ["openrouter/a/judge", "openrouter/x/judge"], votesNeeded: 1 });
    await house.runner.run(requestOf({ judge }));
    expect(house.ledger.judgements[0]?.models).toEqual(["openrouter/x/judge"]);
  });
});

describe("a call that notices the deadline first", () => {
  it("ends the run as the deadline would", async () => {
    // The clock's timer never fires; the call's own timer does.
    const clock = { ...systemClock, after: () => () => undefined };
    await using house = startRunner({ member: () => hangs }, { clock });
    const run = await house.runner.run(requestOf({ deadlineMs: 50 }));
    expect(run.result).toMatchObject({ status: "failed", failure: { reason: "deadline_exceeded" } });
    expect(house.ledger.paid).toBe(3);
  });
});
