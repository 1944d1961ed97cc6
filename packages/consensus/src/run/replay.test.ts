import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { strategies } from "../strategies/registry.js";
import type { StrategyName } from "../strategies/strategy.js";
import { runScript, type Says } from "../testing/scripted-run.js";
import { failure, member, specWith } from "../testing/specs.js";
import type { RunEvent } from "./event.js";
import { replay, type Replay } from "./replay.js";

type Replayed = Extract<Replay, { readonly status: "replayed" }>;

const replayed = (result: Replay): Replayed => {
  if (result.status === "refused") throw new Error(`refused: ${result.reason}`);
  return result;
};

const modelless = Object.values(strategies)
  .filter(({ needsModel }) => !needsModel)
  .map(({ name }) => name);

/** The events of a run in which each member says a text in each round. */
function eventsOf(rounds: readonly (readonly Says[])[], strategy: StrategyName = "majority") {
  const [first = []] = rounds;
  const spec = specWith({
    members: first.map((_, i) => member(`m${i}`)),
    aggregation: { strategy },
    rounds: { max: rounds.length, stopWhen: "never" },
    quorum: 1,
    seed: 1,
  });
  return runScript(spec, { members: (round, voter) => rounds[round - 1]?.[voter] ?? "" }).events;
}

const says = fc.constantFrom("41", "42", "It is 42.", "Paris", "A", "", '{"a": 1}');
const panels = fc
  .array(says, { minLength: 1, maxLength: 6 })
  .filter((all) => all.some((text) => text !== ""));

describe("a replay", () => {
  test("with the run's own strategy and settings gives what was recorded", () => {
    fc.assert(
      fc.property(panels, fc.constantFrom(...modelless), (panel, strategy) => {
        const { recorded, replayed: again } = replayed(replay(eventsOf([panel], strategy), { strategy }));
        expect(again).toEqual(recorded);
      }),
    );
  });

  test("gives the same each time, without a model and without a change to the events", () => {
    fc.assert(
      fc.property(panels, fc.constantFrom(...modelless), (panel, strategy) => {
        const events = eventsOf([panel]);
        const before = JSON.stringify(events);
        const first = JSON.stringify(replay(events, { strategy }));
        expect(JSON.stringify(replay(JSON.parse(before) as readonly RunEvent[], { strategy }))).toBe(first);
        expect(JSON.stringify(events)).toBe(before);
      }),
    );
  });

  test("decides anew, and says how each counted and who dissents", () => {
    const {
      round,
      recorded,
      replayed: again,
    } = replayed(replay(eventsOf([["42", "42", "41"]]), { strategy: "weighted", weights: { m2: 5 } }));
    expect(round).toBe(1);
    expect(recorded?.record).toMatchObject({ strategy: "majority", agreement: 2 / 3 });
    expect(again.outcome).toMatchObject({ text: "41", answerKey: "41", agreement: 5 / 7 });
    expect(again.record).toMatchObject({
      strategy: "weighted",
      agreement: 5 / 7,
      dissent: [{ answerKey: "42", models: ["m0", "m1"] }],
      members: [{ model: "m0" }, { model: "m1" }, { model: "m2", swings: true }],
    });
    expect(again.votes).toEqual([
      {
        model: "m0",
        sample: 1,
        answerKey: "42",
        counted: true,
        weight: 1,
        influence: 5 / 7 - 5 / 6,
        swings: false,
      },
      {
        model: "m1",
        sample: 1,
        answerKey: "42",
        counted: true,
        weight: 1,
        influence: 5 / 7 - 5 / 6,
        swings: false,
      },
      { model: "m2", sample: 1, answerKey: "41", counted: true, weight: 5, influence: 5 / 7, swings: true },
    ]);
    const accuracies = { m0: 0.51, m1: 0.51, m2: 0.99 };
    const sure = replayed(replay(eventsOf([["42", "42", "41"]]), { strategy: "weighted", accuracies }));
    expect(sure.replayed.outcome.answerKey).toBe("41");
  });

  test("takes the answers of the round that is named, else of the last that has some", () => {
    const events = eventsOf([
      ["41", "41", "42"],
      ["42", "42", "42"],
    ]);
    const answer = (round?: number) =>
      replayed(replay(events, { strategy: "majority", ...(round !== undefined && { round }) }));
    expect([answer().round, answer().replayed.outcome.answerKey]).toEqual([2, "42"]);
    expect([answer(1).round, answer(1).replayed.outcome.answerKey]).toEqual([1, "41"]);
    expect(answer(1).replayed.record.rounds).toBe(1);
    const cut = events.slice(0, events.findLastIndex((event) => event.type === "round_started") + 1);
    expect(replayed(replay(cut, { strategy: "majority" })).round).toBe(1);
  });

  test("works for a run that was never aggregated, with those who failed in their place", () => {
    const events = eventsOf([["42", failure("upstream_error"), "42"]]);
    const ended = events.findIndex((event) => event.type === "round_ended");
    const { recorded, replayed: again } = replayed(
      replay(events.slice(0, ended + 1), { strategy: "majority" }),
    );
    expect(recorded).toBeNull();
    expect(again.record).toMatchObject({
      agreement: 1,
      members: [{ status: "answered" }, { status: "failed" }, { status: "answered" }],
    });
  });

  test.each<[Replay, Parameters<typeof replay>[1]]>([
    [{ status: "refused", reason: "needs_model" }, { strategy: "synthesis" }],
    [
      { status: "refused", reason: "no_answers" },
      { strategy: "majority", round: 2 },
    ],
    [
      { status: "refused", reason: "unknown_member", model: "m9" },
      { strategy: "weighted", weights: { m0: 1, m9: 1 } },
    ],
    [
      { status: "refused", reason: "unknown_member", model: "m8" },
      { strategy: "weighted", accuracies: { m8: 1 } },
    ],
    [
      { status: "refused", reason: "accuracy_missing", model: "m1" },
      { strategy: "weighted", accuracies: { m0: 0.9 } },
    ],
  ])("is refused: %j", (refused, options) => {
    expect(replay(eventsOf([["42", "41"]]), options)).toEqual(refused);
  });

  test("is refused where nobody has answered, and needs a run", () => {
    const nobody = eventsOf([[failure("upstream_error"), failure("upstream_error")]]);
    expect(replay(nobody, { strategy: "majority" })).toEqual({ status: "refused", reason: "no_answers" });
    expect(() => replay([], { strategy: "majority" })).toThrow("begin with run_started");
  });
});
