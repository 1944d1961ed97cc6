import { expect, test } from "vitest";
import { completion, failure, question, specWith } from "../testing/specs.js";
import { runScript } from "../testing/scripted-run.js";
import type { RunEvent } from "./event.js";
import { nextStep } from "./next-step.js";
import { newRun, type RunState } from "./state.js";

const spec = specWith({ judge: { mode: "gate", maxRegenerations: 1 } });
const { events } = runScript(spec, {
  members: () => "42",
  judge: (attempt) => (attempt === 1 ? "wrong" : "right"),
});

/** A state of each phase that a whole run goes through, the first of it. */
const phases = new Map<RunState["phase"], RunState>([["new", newRun]]);
let state: RunState = newRun;
for (const event of events) {
  ({ state } = nextStep(state, event));
  if (!phases.has(state.phase)) phases.set(state.phase, state);
}

const started: RunEvent = { type: "run_started", spec, messages: question };
const answered: RunEvent = {
  type: "member_answered",
  round: 1,
  voter: { member: 0, sample: 1 },
  completion: completion("42"),
};
const judgeFailed: RunEvent = { type: "judge_failed", attempt: 1, failure: failure("service_unavailable") };

test("a whole run goes through every phase", () => {
  expect([...phases.keys()]).toEqual([
    "new",
    "asking",
    "aggregating",
    "judging",
    "regenerating",
    "finishing",
    "finished",
  ]);
});

test.each([
  ["new", answered],
  ["asking", started],
  ["asking", judgeFailed],
  ["aggregating", answered],
  ["judging", answered],
  ["regenerating", judgeFailed],
  ["finishing", started],
  ["finished", answered],
] as const)("while a run is %s, some events cannot happen", (phase, event) => {
  const at = phases.get(phase) ?? newRun;
  expect(() => nextStep(at, event)).toThrow(`${event.type} cannot happen while a run is ${phase}`);
});

test("what cancelled work still reports while a run is finishing changes nothing", () => {
  const finishing = phases.get("finishing") ?? newRun;
  expect(nextStep(finishing, answered)).toEqual({ state: finishing, commands: [] });
});
