import { fc } from "../testing/seeded.js";
import { describe, expect, test } from "vitest";
import { runScript, type Script } from "../testing/scripted-run.js";
import { completion, failure, question, specWith } from "../testing/specs.js";
import type { RunCommand } from "./command.js";
import type { RunEvent } from "./event.js";
import { callerLeft } from "./failure.js";
import { nextStep } from "./next-step.js";
import { recordOf } from "./record.js";
import { newRun } from "./state.js";

const at = (type: RunCommand["type"], count: number, event: RunEvent): NonNullable<Script["interrupt"]> => {
  let seen = 0;
  return (command) => (command.type === type && ++seen === count ? event : null);
};
const deadline: RunEvent = { type: "deadline_reached" };
const always: Script = {
  members: () => "42",
  aggregator: (round) => `answer ${round}`,
  judge: () => "wrong",
};
const gated = specWith({ judge: { mode: "gate" }, rounds: { max: 2, stopWhen: "never" } });

describe("the deadline", () => {
  test("without a quorum of answers it fails the run", () => {
    const { record } = runScript(gated, { ...always, interrupt: at("ask_round", 1, deadline) });
    expect(record.result).toMatchObject({ status: "failed", failure: { reason: "deadline_exceeded" } });
  });

  test("before the first aggregate is there: what can be said of the answers without a model", () => {
    const { record, paid, state, events } = runScript(gated, {
      ...always,
      interrupt: at("aggregate", 1, deadline),
    });
    expect(record).toMatchObject({
      result: { status: "completed", answer: "42", stopped: "deadline" },
      degraded: expect.arrayContaining(["stopped_by_deadline"]),
      agreement: 1,
      validated: null,
    });
    expect(paid).toEqual({ members: 3, aggregator: 0, judges: 0 });
    expect(events.reduce((before, event) => nextStep(before, event).state, newRun)).toEqual(state);
  });

  test.each([
    ["synthesis", ["42", "42"], "42"],
    ["majority", ["41", "42", "42"], "42"],
    ["concatenate", ["42", "42"], "Answer A:\n42\n\nAnswer B:\n42"],
    ["synthesis", ["42"], null],
    ["synthesis", ["42", ""], null],
  ] as const)("while members are asked it counts those who answered (%s, %j)", (strategy, said, answer) => {
    let step = nextStep(newRun, {
      type: "run_started",
      spec: specWith({ aggregation: { strategy }, quorum: 2, rounds: { max: 3 }, judge: { mode: "gate" } }),
      messages: question,
    });
    const say = (event: RunEvent): void => {
      step = nextStep(step.state, event);
    };
    for (const [member, text] of said.entries()) {
      const voter = { member, sample: 1 };
      say({ type: "member_answered", round: 1, voter, completion: completion(text) });
    }
    say(deadline);
    const [first] = step.commands;
    if (first?.type === "conclude") {
      say({ type: "aggregated", round: 1, outcome: first.outcome, aggregatorSkipped: true });
    }
    const [command] = step.commands;
    expect(command).toMatchObject({
      type: "finish",
      result:
        answer === null
          ? { status: "failed", failure: { reason: "deadline_exceeded" } }
          : { status: "completed", answer, stopped: "deadline" },
    });
  });

  test.each([
    ["ask_round", 2, "answer 1", null],
    ["aggregate", 2, "answer 1", null],
    ["judge", 1, "answer 2", null],
    ["ask_round", 3, "answer 2", false],
    ["judge", 2, "answer 3", null],
  ] as const)("with one the best answer so far goes out (%s %i)", (type, count, answer, validated) => {
    const { record } = runScript(gated, { ...always, interrupt: at(type, count, deadline) });
    expect(record.result).toEqual({ status: "completed", answer, stopped: "deadline" });
    expect(record.degraded).toContain("stopped_by_deadline");
    expect(record.degraded).not.toContain("aggregator_unavailable");
    expect(record.validated).toBe(validated);
  });

  test("after a part of another text went out there is no answer", () => {
    const interrupt = at("aggregate", 2, { type: "deadline_reached", textSent: true });
    expect(runScript(gated, { ...always, interrupt }).record.result).toMatchObject({ status: "failed" });
  });

  test("what cancelled calls still report is taken without a command", () => {
    let { state } = nextStep(newRun, { type: "run_started", spec: specWith(), messages: question });
    ({ state } = nextStep(state, deadline));
    const late: readonly RunEvent[] = [
      { type: "member_cancelled", round: 1, voter: { member: 0, sample: 1 }, latencyMs: 1 },
      { type: "round_ended", round: 1, stop: "quorum_lost", usable: 0, quorum: 2 },
      deadline,
      { type: "caller_left", failure: callerLeft },
    ];
    for (const event of late) {
      const step = nextStep(state, event);
      expect(step).toEqual({ state, commands: [] });
    }
  });
});

describe("a caller who leaves", () => {
  test.each(["ask_round", "aggregate", "judge", "regenerate"] as const)("cancels the run (%s)", (type) => {
    const { record } = runScript(gated, {
      ...always,
      interrupt: at(type, 1, { type: "caller_left", failure: callerLeft }),
    });
    expect(record.result).toEqual({ status: "cancelled", failure: callerLeft });
    expect(record).toMatchObject({ stopped: null, validated: null });
    if (type === "ask_round") expect(record.members).toEqual([]);
  });
});

describe("the budget", () => {
  const costs = (maxCostUsdNanos: number, over = {}) =>
    runScript(specWith({ ...gated, budget: { maxCostUsdNanos }, ...over }), always);

  test("is looked at between steps; calls of 100 each", () => {
    expect(costs(1300).paid).toEqual({ members: 9, aggregator: 3, judges: 1 });
    expect(costs(1300).record).toMatchObject({
      stopped: "budget",
      validated: null,
      result: { answer: "answer 3" },
    });
    expect(costs(900).record).toMatchObject({
      stopped: "budget",
      validated: false,
      result: { answer: "answer 2" },
    });
    expect(costs(800).record).toMatchObject({
      stopped: "budget",
      validated: null,
      result: { answer: "answer 2" },
    });
    expect(costs(700).record).toMatchObject({ stopped: "budget", result: { answer: "answer 1" } });
    expect(costs(400).paid).toEqual({ members: 3, aggregator: 1, judges: 0 });
  });

  test("spent before the first aggregation: what can be said without a model", () => {
    const { record, paid } = costs(300);
    expect(paid).toEqual({ members: 3, aggregator: 0, judges: 0 });
    expect(record).toMatchObject({
      stopped: "budget",
      result: { answer: "42" },
      degraded: ["stopped_by_budget"],
    });
  });

  test("a vote costs nothing and is taken all the same", () => {
    const { record } = costs(300, { aggregation: { ...gated.aggregation, strategy: "majority" } });
    expect(record).toMatchObject({ stopped: "budget", result: { answer: "42" }, agreement: 1 });
  });

  test("a run that needs no more is complete, even over its budget", () => {
    const spec = specWith({ budget: { maxOutputTokens: 20 } });
    expect(runScript(spec, always).record).toMatchObject({ stopped: "complete", degraded: [] });
  });

  test("an unknown cost is as good as spent, but only under a limit of cost", () => {
    const unknown = completion("42", { usage: { ...completion("").usage, costUsdNanos: null } });
    const script: Script = { ...always, members: () => unknown };
    expect(runScript(specWith({ budget: { maxCostUsdNanos: 1e12 } }), script).record).toMatchObject({
      stopped: "budget",
    });
    expect(runScript(specWith({ budget: { maxOutputTokens: 1e9 } }), script).record).toMatchObject({
      stopped: "complete",
      degraded: ["cost_unknown"],
      usage: { costUsdNanos: null },
    });
  });
});

describe("defects", () => {
  test("a run that broke is finished, wherever it stood", () => {
    const { state } = nextStep(newRun, { type: "run_started", spec: specWith(), messages: question });
    const result = { status: "failed", failure: failure("internal") } as const;
    expect(nextStep(state, { type: "run_finished", result })).toEqual({
      state: { phase: "finished", result },
      commands: [],
    });
  });

  test.each([
    [{ type: "round_ended", round: 1, stop: "complete", usable: 1, quorum: 1 }],
    [{ type: "regeneration_started", regeneration: 1 }],
    [{ type: "run_finished", result: { status: "cancelled", failure: callerLeft } }],
    [deadline],
  ] as readonly [RunEvent][])("an event before the run is said to be impossible: $type", (event) => {
    expect(() => nextStep(newRun, event)).toThrow(/cannot happen/);
  });

  test("nothing happens after the end", () => {
    const { state } = runScript(specWith(), always);
    expect(() => nextStep(state, { type: "caller_left", failure: callerLeft })).toThrow(/finished/);
  });
});

const anySays = fc.oneof(
  fc.constantFrom("42", "41", "It is 42.", "", "Paris", "yes"),
  fc.constantFrom("cancelled" as const, failure("upstream_error"), failure("rate_limit_exceeded")),
  fc.constantFrom(completion("42", { finishReason: "length" }), completion("", { refusal: "no" })),
);

describe("any run", () => {
  const scripts = fc.record({
    says: fc.array(anySays, { minLength: 1, maxLength: 30 }),
    verdicts: fc.array(fc.constantFrom("right", "wrong", "unsure", "none", "down" as const), {
      minLength: 1,
      maxLength: 6,
    }),
    aggregates: fc.array(fc.constantFrom("42", "", "It is 41.", "down" as const, "cut" as const), {
      minLength: 1,
      maxLength: 6,
    }),
    strategy: fc.constantFrom("synthesis", "majority", "concatenate" as const),
    mode: fc.constantFrom("off", "annotate", "gate" as const),
    when: fc.constantFrom("always", "disagree" as const),
    regenerate: fc.constantFrom("round", "aggregate" as const),
    whenDown: fc.constantFrom("answer", "fail" as const),
    stopWhen: fc.constantFrom("stable", "never" as const),
    max: fc.integer({ min: 1, max: 4 }),
    maxRegenerations: fc.integer({ min: 0, max: 3 }),
    budget: fc.option(fc.integer({ min: 0, max: 3000 })),
    interruptAt: fc.option(fc.integer({ min: 0, max: 8 })),
    interruption: fc.constantFrom<RunEvent>(deadline, { type: "caller_left", failure: callerLeft }),
  });

  test("ends, pays no more than was foretold, and its record tells the truth", () => {
    fc.assert(
      fc.property(scripts, (s) => {
        const spec = specWith({
          aggregation: { strategy: s.strategy, when: s.when },
          judge: {
            mode: s.mode,
            regenerate: s.regenerate,
            whenDown: s.whenDown,
            maxRegenerations: s.maxRegenerations,
          },
          rounds: { max: s.max, stopWhen: s.stopWhen },
          budget: s.budget === null ? {} : { maxCostUsdNanos: s.budget },
        });
        const pick = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;
        let count = 0;
        const { record, paid, events, state } = runScript(spec, {
          members: (round, voter) => pick(s.says, 3 * round + voter),
          aggregation: (round) => {
            const says = pick(s.aggregates, round);
            return says === "down" || says === "cut" ? says : "up";
          },
          aggregator: (_, call) => pick(s.aggregates, call).replace(/down|cut/, "42"),
          judge: (attempt) => pick(s.verdicts, attempt),
          interrupt: (command) =>
            s.interruptAt !== null && command.type !== "finish" && count++ === s.interruptAt
              ? s.interruption
              : null,
        });
        const regenerations = s.mode === "gate" ? s.maxRegenerations : 0;
        const aggregations = s.max + regenerations;
        const rounds = s.regenerate === "round" ? aggregations : s.max;
        expect(state.phase).toBe("finished");
        expect(paid.members).toBeLessThanOrEqual(3 * rounds);
        expect(paid.aggregator).toBeLessThanOrEqual(s.strategy === "synthesis" ? aggregations : 0);
        expect(paid.judges).toBeLessThanOrEqual(s.mode === "off" ? 0 : 1 + regenerations);
        // The call that an interruption ends had been started: the script does not do it, the record counts it.
        const interrupted = events.some((e) => e.type === s.interruption.type);
        const lost = record.calls.made - (paid.members + paid.aggregator + paid.judges);
        expect([0, interrupted ? 1 : 0]).toContain(lost);
        if (lost > 0) expect(record.usage.costUsdNanos).toBeNull();
        const { result } = record;
        if (result?.status === "completed") expect(result.answer.trim()).not.toBe("");
        const verdicts = events.flatMap((e) => (e.type === "judged" ? [e.verdict.kind] : []));
        if (record.validated === true) expect(verdicts.at(-1)).toBe("right");
        if (record.validated === false) expect(verdicts.at(-1)).toBe("wrong");
        if (record.stopped === "accepted") expect(record.validated).toBe(true);
        if (record.stopped === "complete" && s.mode === "gate") expect(record.validated).not.toBe(false);
        for (let length = 1; length <= events.length; length++) recordOf(events.slice(0, length));
        const folded = events.reduce((before, event) => nextStep(before, event).state, newRun);
        expect(folded).toEqual(state);
        expect(JSON.parse(JSON.stringify(state))).toEqual(state);
      }),
      { numRuns: 200 },
    );
  });
});
