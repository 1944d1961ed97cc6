import { describe, expect, test } from "vitest";
import { runScript } from "../testing/scripted-run.js";
import { member, specWith } from "../testing/specs.js";
import { winnersOf } from "./eligible.js";

const members = ["a", "b", "c"].map((family) => member(`x/${family}`, { family }));

describe("who gave the answer that goes out", () => {
  test("those whose vote is for it", () => {
    const spec = specWith({ members, aggregation: { strategy: "majority" } });
    const { events } = runScript(spec, { members: (_, voter) => ["42", "41", "42"][voter] ?? "" });
    expect(winnersOf(events, spec)).toEqual(["a", "c"]);
  });

  test("not those of a later round that was dropped", () => {
    const rounds = { max: 2, stopWhen: "never" } as const;
    const spec = specWith({ members, rounds, aggregation: { strategy: "majority" } });
    const said = [
      ["42", "42", "41"],
      ["1", "2", "3"],
    ];
    const { events, record } = runScript(spec, {
      members: (round, voter) => said[round - 1]?.[voter] ?? "",
    });
    expect(record.result).toMatchObject({ answer: "42" });
    expect(winnersOf(events, spec)).toEqual(["a", "b"]);
  });

  test("nobody, when the aggregator wrote what no member said, or there is no answer yet", () => {
    const spec = specWith({ members });
    const { events } = runScript(spec, { members: () => "Paris", aggregator: () => "Lyon" });
    expect(winnersOf(events, spec)).toEqual([]);
    expect(winnersOf(events.slice(0, 3), spec)).toEqual([]);
  });
});
