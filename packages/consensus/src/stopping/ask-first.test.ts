import { describe, expect, test } from "vitest";
import { fails, graceOver, playRound, rulesFor, says } from "../testing/rounds.js";
import { fc } from "../testing/seeded.js";
import type { RoundHappening, RoundRules } from "./round-rules.js";

const twoOfFive = rulesFor(5, { first: 2 });

function play(rules: RoundRules, ...happenings: readonly RoundHappening[]): readonly string[] {
  return playRound(rules, happenings).words;
}

describe("some are asked first", () => {
  test("they say the same: nobody else is asked, though the quorum of all is 3", () => {
    expect(play(twoOfFive, says(1, "42"), says(0, "It is 42."))).toEqual(["start_grace", "agreed"]);
  });

  test("one who is asked alone is enough", () => {
    expect(play(rulesFor(3, { first: 1 }), says(0, "42"))).toEqual(["agreed"]);
  });

  test("they disagree: the others are asked, and both answers count", () => {
    expect(play(twoOfFive, says(0, "42"), says(1, "41"), says(3, "42"))).toEqual([
      "start_grace",
      "ask_rest",
      "wait",
      "start_grace",
    ]);
  });

  test.each([
    ["fails", fails(0)],
    ["abstains", says(0, "")],
  ])("one of them %s: the others are asked at once", (_, happening) => {
    expect(play(twoOfFive, happening)).toEqual(["ask_rest", "wait"]);
    expect(play(twoOfFive, says(1, "42"), happening)).toEqual(["start_grace", "ask_rest", "wait"]);
  });

  test("one keeps the other waiting: the others are asked when the grace is over", () => {
    const words = play(twoOfFive, says(0, "42"), graceOver, says(2, "42"), says(3, "42"), graceOver);
    expect(words).toEqual(["start_grace", "ask_rest", "wait", "wait", "start_grace", "quorum"]);
  });

  test("the quorum is in already when the others are asked: they get the grace", () => {
    const rules = rulesFor(3, { first: 2 });
    expect(play(rules, says(0, "42"), says(1, "41"), graceOver)).toEqual([
      "start_grace",
      "ask_rest",
      "start_grace",
      "quorum",
    ]);
  });

  test("nobody who is asked first answers: the others decide", () => {
    expect(play(rulesFor(3, { first: 2, quorum: 1 }), fails(0), fails(1), says(2, "42"))).toEqual([
      "ask_rest",
      "wait",
      "wait",
      "complete",
    ]);
  });

  test("F57: a quorum that is lost is lost once all are asked", () => {
    expect(play(rulesFor(3, { first: 2, quorum: 3 }), fails(0), says(2, "42"))).toEqual([
      "ask_rest",
      "start_grace",
      "quorum_lost",
    ]);
  });

  test("samples are voters of their own", () => {
    const voters = [1, 2, 3].map((sample) => ({ voter: { member: 0, sample }, weight: 1 }));
    const rules = rulesFor(4, {
      first: 3,
      voters: [...voters, { voter: { member: 1, sample: 1 }, weight: 1 }],
    });
    const sample = (number: number, text: string): RoundHappening => {
      const happening = says(0, text);
      return happening.type === "answered"
        ? { ...happening, voter: { member: 0, sample: number } }
        : happening;
    };
    expect(play(rules, sample(1, "42"), sample(3, "42"), sample(2, "42"))).toEqual([
      "start_grace",
      "wait",
      "agreed",
    ]);
    expect(play(rules, sample(1, "42"), sample(3, "41"))).toEqual(["start_grace", "ask_rest", "wait"]);
  });

  test("who cannot be outvoted any more ends the round, whatever the others of the first say", () => {
    const rules = rulesFor(5, { first: 4, stopEarly: "lossless" });
    expect(play(rules, says(0, "42"), says(1, "42"), says(2, "42"))).toEqual([
      "start_grace",
      "wait",
      "lossless",
    ]);
  });

  test("all are asked at once: they do not have to agree", () => {
    expect(play(rulesFor(2, { first: 2 }), says(0, "42"), says(1, "41"))).toEqual(["wait", "complete"]);
  });
});

test("whoever is asked first: all are asked, or those who were agree", () => {
  const answer = fc.constantFrom("42", "41", "", null);
  fc.assert(
    fc.property(fc.array(answer, { minLength: 1, maxLength: 6 }), fc.nat(), (texts, nat) => {
      const first = 1 + (nat % texts.length);
      const happenings = texts.map((text, m) => (text === null ? fails(m) : says(m, text)));
      const rules = rulesFor(texts.length, { first, quorum: 1 });
      const { words, progress } = playRound(rules, happenings);
      const keys = new Set(texts.slice(0, first));
      const agree = keys.size === 1 && !keys.has("") && !keys.has(null);
      const isCascade = first < texts.length;
      expect(words.includes("ask_rest")).toBe(isCascade && !agree);
      expect(words.at(-1) === "agreed").toBe(isCascade && agree);
      if (!agree) expect(progress.answered.length + progress.failed.length).toBe(texts.length);
    }),
  );
});
