import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomFrom } from "../random.js";
import { gateEffect, juryFlags, simulatedGate } from "./judging.js";

describe("a gate of three tries", () => {
  const good = { p: 0.7, s: 0.8, f: 0.1, tries: 3 };
  const bad = { p: 0.7, s: 0.3, f: 0.4, tries: 3 };

  test("a good judge lifts 0.7 to 0.8926 with 1.406 answers", () => {
    expect(gateEffect(good).right).toBeCloseTo(0.8926, 4);
    expect(gateEffect(good).tries).toBeCloseTo(1.406, 3);
  });

  test("a bad one lowers it to 0.671", () => {
    expect(gateEffect(bad).right).toBeCloseTo(0.671, 3);
  });

  test.each([good, bad])("simulations come to the same: %j", (gate) => {
    const simulated = simulatedGate(gate, 40_000, randomFrom(1));
    expect(Math.abs(simulated.right - gateEffect(gate).right)).toBeLessThan(0.01);
    expect(Math.abs(simulated.tries - gateEffect(gate).tries)).toBeLessThan(0.02);
  });

  test("it helps if and only if s is above f", () => {
    const inside = fc.integer({ min: 5, max: 95 }).map((percent) => percent / 100);
    fc.assert(
      fc.property(inside, inside, inside, fc.integer({ min: 2, max: 5 }), (p, s, f, tries) => {
        const gain = gateEffect({ p, s, f, tries }).right - p;
        if (s === f) expect(gain).toBeCloseTo(0, 12);
        else expect(Math.sign(gain)).toBe(Math.sign(s - f));
      }),
      { seed: 1 },
    );
  });

  test("who flags nothing, or everything, changes nothing", () => {
    expect(gateEffect({ p: 0.7, s: 0, f: 0, tries: 3 })).toEqual({ right: 0.7, tries: 1 });
    expect(gateEffect({ p: 0.7, s: 1, f: 1, tries: 3 })).toEqual({ right: 0.7, tries: 3 });
  });
});

test("two of three judges flag wrong answers with 0.784 and right ones with 0.104", () => {
  expect(juryFlags(3, 2, 0.7)).toBeCloseTo(0.784, 12);
  expect(juryFlags(3, 2, 0.2)).toBeCloseTo(0.104, 12);
  expect(juryFlags(3, 0, 0.2)).toBeCloseTo(1, 12);
});
