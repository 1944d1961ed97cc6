import type { RunSpec } from "@synod/consensus";
import { SynodError } from "@synod/rpc";
import { eventually } from "@synod/testing";
import { describe, expect, it } from "vitest";
import { type Clock, systemClock } from "../clock.js";
import { createManualClock } from "../testing/manual-clock.js";
import { judgeSpec, requestOf, startRunner, synthesis } from "../testing/runner.js";
import { hangs, says, type Script } from "../testing/script.js";

const lateMember: Script = { member: (model) => (model === "sim/c" ? hangs : says("42")) };
const lateAggregator: Script = { aggregate: () => hangs };

describe("the deadline", () => {
  const cases: readonly (readonly [string, Script, Partial<RunSpec>, number])[] = [
    ["a member hangs", lateMember, {}, 3],
    ["a member hangs before a synthesis", lateMember, { aggregation: synthesis }, 3],
    ["the aggregator hangs", lateAggregator, { aggregation: synthesis }, 4],
    ["a gate", lateMember, { judge: judgeSpec("gate") }, 3],
  ];
  it.each(cases)("goes out with what is in hand: %s", async (_name, script, changes, paid) => {
    const clock = createManualClock();
    await using house = startRunner(script, { clock });
    let heard = 0;
    const running = house.runner.run(requestOf(changes), {
      event: ({ event }) => void (heard += event.type === "member_answered" ? 1 : 0),
    });
    const inHand = (): boolean => heard === (script === lateMember ? 2 : 3) && house.ledger.paid === paid;
    await eventually(inHand, { what: "only who hangs is missing" });
    clock.fire();
    const run = await running;
    expect(run.result).toEqual({ status: "completed", answer: "42", stopped: "deadline" });
    expect(run.record.degraded).toContain("stopped_by_deadline");
    expect(run.record.degraded).not.toContain("member_failed");
    expect(run.record).toMatchObject({ agreement: 1, validated: null });
    await eventually(() => house.ledger.aborted === 1, { what: "whoever hangs is left" });
    expect(house.ledger.paid).toBe(paid);
  });

  it("ends the run before it ends the calls of the run", async () => {
    await using house = startRunner(lateMember);
    const run = await house.runner.run(requestOf({ deadlineMs: 1_000 }));
    expect(run.result).toEqual({ status: "completed", answer: "42", stopped: "deadline" });
    expect(run.record.members.map(({ status }) => status)).toEqual(["answered", "answered", "cancelled"]);
    expect(house.ledger.paid).toBe(3);
  });

  it("is the run's own: a call that it made would end later", async () => {
    const timers: number[] = [];
    const clock: Clock = {
      ...createManualClock(),
      after(ms) {
        timers.push(ms);
        return () => undefined;
      },
    };
    await using house = startRunner({}, { clock });
    for (const deadlineMs of [1, 50, 1_500, 120_000]) await house.runner.run(requestOf({ deadlineMs }));
    expect(timers).toEqual([0.9, 45, 1_350, 119_850]);
  });

  it("lets no member fail by it first", async () => {
    // The run's timer never fires; the round's call ends by its own, and only after the deadline.
    const clock = { ...systemClock, after: () => () => undefined };
    await using house = startRunner(lateMember, { clock });
    const begun = performance.now();
    const run = await house.runner.run(requestOf({ deadlineMs: 100 }));
    expect(performance.now() - begun).toBeGreaterThan(100);
    expect(run.result).toMatchObject({ status: "completed", stopped: "deadline" });
    expect(run.record.degraded).not.toContain("member_failed");
  });

  it("is not meant by a call that ends long before it", async () => {
    const error = new SynodError({ reason: "deadline_exceeded", message: "Its own." });
    await using house = startRunner({ member: () => ({ error }) });
    const run = await house.runner.run(requestOf());
    expect(run.result).toMatchObject({ failure: { reason: "all_models_failed" } });
  });
});
