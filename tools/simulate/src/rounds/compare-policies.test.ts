import { describe, expect, test } from "vitest";
import { alike } from "../panel.js";
import { comparePolicies } from "./compare-policies.js";
import { policies } from "./policies.js";
import { playRound } from "./play-round.js";

describe("five members at 0.7, four options", () => {
  const results = comparePolicies(alike(5, 0.7), { questions: 2_000, count: 4, seed: 1 });
  const of = (name: string) => {
    const result = results.find(({ policy }) => policy.name === name);
    if (result === undefined) throw new Error(`There is no policy "${name}".`);
    return result;
  };

  test("the lossless stop changes no winner, and takes less time and fewer whole calls", () => {
    expect(of("lossless").same).toBe(1);
    expect(of("lossless").accuracy).toBe(of("wait for all").accuracy);
    expect(of("lossless").finished).toBeLessThan(4.1);
    expect(of("lossless").p95Ms).toBeLessThan(0.75 * of("wait for all").p95Ms);
  });

  test("quorum and grace: p95 from 38 s to 14 s, and some winners change", () => {
    expect(Math.abs(of("wait for all").p95Ms - 38_000)).toBeLessThan(3_000);
    expect(Math.abs(of("quorum and 2 s of grace").p95Ms - 14_000)).toBeLessThan(1_000);
    expect(of("quorum and 2 s of grace").same).toBeLessThan(1);
  });

  test("asking two first starts fewer calls, and takes longer", () => {
    expect(of("ask two first").started).toBeLessThan(4);
    expect(of("ask two first").p95Ms).toBeGreaterThan(of("wait for all").p95Ms);
  });
});

describe("one round", () => {
  const members = alike(5, 0.7);
  const said = [
    { answer: "A", ms: 100 },
    { answer: "A", ms: 300 },
    { answer: "B", ms: 200 },
    { answer: "A", ms: 5_000 },
    { answer: "C", ms: 9_000 },
  ];
  const play = (name: string) => {
    const policy = policies.find((one) => one.name === name);
    if (policy === undefined) throw new Error(`There is no policy "${name}".`);
    return playRound(policy.rules(members), policy.graceMs, said);
  };

  test.each([
    ["wait for all", { winner: "A", started: 5, finished: 5, ms: 9_000 }],
    ["lossless", { winner: "A", started: 5, finished: 4, ms: 5_000 }],
    ["quorum and 2 s of grace", { winner: "A", started: 5, finished: 3, ms: 2_300 }],
    ["ask two first", { winner: "A", started: 2, finished: 2, ms: 300 }],
  ])("%s", (name, played) => {
    expect(play(name)).toEqual(played);
  });

  test("those who were asked first disagree: the rest is asked then", () => {
    const policy = policies.find(({ name }) => name === "ask two first");
    const split = said.with(1, { answer: "B", ms: 300 }).with(3, { answer: "B", ms: 5_000 });
    expect(policy && playRound(policy.rules(members), policy.graceMs, split)).toEqual({
      winner: "B",
      started: 5,
      finished: 5,
      ms: 9_300,
    });
  });
});
