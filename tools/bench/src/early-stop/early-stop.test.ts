import { describe, expect, it } from "vitest";
import { behaviourOf, modelOf } from "../upstream/behaviour.js";
import { drawQuestions } from "./draw.js";
import { closingTimes, earlyStopLineOf } from "./early-stop-line.js";

describe("the draws", () => {
  const draws = drawQuestions(2_000, 7);

  it("are the same for the same seed", () => {
    expect(drawQuestions(3, 7)).toEqual(draws.slice(0, 3));
    expect(drawQuestions(3, 8)).not.toEqual(draws.slice(0, 3));
  });

  it("have five models of their own each, in the order in which they answer", () => {
    for (const { models } of draws) {
      expect(new Set(models).size).toBe(5);
      const waits = models.map((model) => behaviourOf(model)?.waitMs ?? 0);
      expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    }
  });

  it("know who decides: the third answer at the earliest, and what that saves", () => {
    for (const { models, decidedBy, decidedMs, allMs } of draws) {
      expect(models.indexOf(decidedBy)).toBeGreaterThanOrEqual(2);
      expect(decidedMs).toBeLessThanOrEqual(allMs);
      const said = models.map((model) => behaviourOf(model)?.vote?.says);
      const first = said.slice(0, 3);
      if (new Set(first).size === 1) expect(decidedBy).toBe(models[2]);
    }
    const mean = (read: (draw: (typeof draws)[number]) => number): number =>
      draws.reduce((sum, draw) => sum + read(draw), 0) / draws.length;
    const share = mean(({ decidedMs }) => decidedMs) / mean(({ allMs }) => allMs);
    expect(share).toBeGreaterThan(0.6);
    expect(share).toBeLessThan(0.75);
  });
});

describe("a line", () => {
  const [draw] = drawQuestions(1, 1);
  if (draw === undefined) throw new Error("there is a draw");
  const { models, decidedBy, decidedMs, allMs } = draw;
  const at = models.indexOf(decidedBy);
  const ends = models.map((model, index) => ({
    model,
    run: 0,
    endedMs: index <= at ? 1_000 + index : 1_020 + index,
    aborted: index > at,
  }));

  it("measures the close of the last connection from the answer that decides", () => {
    expect(closingTimes([draw], ends)).toEqual(at < 4 ? [1_024 - (1_000 + at)] : []);
    expect(
      closingTimes(
        [draw],
        ends.filter(({ aborted }) => !aborted),
      ),
    ).toEqual([]);
  });

  it("is relative to the ideal, and to waiting for all", () => {
    const samples = [1.1, 1.2, 1.3].map((factor) => ({
      stoppedMs: [decidedMs * factor],
      allMs: [allMs * factor],
      ends,
    }));
    const line = earlyStopLineOf("all-in-one", [draw], samples);
    expect(line.overIdeal).toMatchObject({ median: expect.closeTo(1.2), min: expect.closeTo(1.1) });
    expect(line.overAll?.median).toBeCloseTo(decidedMs / allMs);
    expect(line.idealOverAll).toBeCloseTo(decidedMs / allMs);
    expect(line.left?.median).toBeCloseTo((4 - at) / 5);
  });
});

it("a voter's name says what it votes for", () => {
  const behaviour = {
    waitMs: 5,
    tokens: 5,
    burst: 5,
    gapMs: 0,
    vote: { says: 13, run: 7, member: 2 },
  };
  expect(behaviourOf(modelOf(behaviour))).toEqual(behaviour);
  const { vote: _, ...plain } = behaviour;
  expect(behaviourOf(modelOf(plain))).toEqual(plain);
  expect(behaviourOf(`${modelOf(behaviour)}x`)).toBeUndefined();
});
