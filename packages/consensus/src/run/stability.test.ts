import { describe, expect, test } from "vitest";
import { castBallots } from "../answers/ballots.js";
import { pluralityOutcome } from "../strategies/plurality.js";
import type { Outcome } from "../strategies/strategy.js";
import { answersSaying } from "../testing/answers.js";
import { fc } from "../testing/seeded.js";
import { replaces, settledBy } from "./stability.js";

/** The outcome of a vote. */
const voted = (texts: readonly string[], weights?: readonly number[]): Outcome =>
  pluralityOutcome(answersSaying(texts, weights), "auto");

/** What a model made of answers that vote for these, all different from round to round. */
let written = 0;
const wrote = (text: string, votes: readonly string[] = [String(written++), String(written++)]): Outcome => ({
  text,
  answerKey: "",
  agreement: null,
  votes: castBallots(answersSaying(votes), "auto"),
  promptVersion: "synthesis/1",
  aggregatorUnavailable: false,
});

test("nothing is settled before a round, nor by one of which the votes differ", () => {
  expect(settledBy([])).toBeNull();
  expect(settledBy([voted(["42", "41", "40"])])).toBeNull();
});

test("agreed: all who voted say the same, those who abstained not counted", () => {
  expect(settledBy([voted(["42", "It is 42", ""])])).toBe("agreed");
  expect(settledBy([voted(["42", "41"]), voted(["7", "7"])])).toBe("agreed");
});

describe("stable: an answer repeats an earlier round's", () => {
  test("that of the round before", () => {
    expect(settledBy([voted(["42", "42", "41"]), voted(["42", "42", "42", "40"])])).toBe("stable");
  });

  test("in a circle of two, and of three", () => {
    const [a, b, c] = [voted(["1", "1", "9"]), voted(["2", "2", "8"]), voted(["3", "3", "7"])];
    expect(settledBy([a, b])).toBeNull();
    expect(settledBy([a, b, a])).toBe("stable");
    expect(settledBy([a, b, c])).toBeNull();
    expect(settledBy([a, b, c, a])).toBe("stable");
  });

  test("prose word by word: case, Markdown and punctuation do not count, other words do", () => {
    expect(settledBy([wrote("It **depends**."), wrote("it depends")])).toBe("stable");
    expect(settledBy([wrote("It depends."), wrote("It does not.")])).toBeNull();
  });

  test("two answers without a text, as calls of tools are, differ by what they call", () => {
    const calls = (answerKey: string) => ({ ...wrote(""), answerKey });
    expect(settledBy([calls("search(a)"), calls("search(b)")])).toBeNull();
    expect(settledBy([calls("search(a)"), calls("search(a)")])).toBe("stable");
  });
});

describe("stable: the vote shares are those of the round before", () => {
  test("whoever gave which vote, and however it was put", () => {
    const rounds = [wrote("some text", ["1", "2", "2"]), wrote("another", ["2", "It is 1", "2"])];
    expect(settledBy(rounds)).toBe("stable");
  });

  test("by share: twice as many voters are no change", () => {
    const twice = [wrote("some text", ["1", "2", "2"]), wrote("another", ["1", "1", "2", "2", "2", "2"])];
    expect(settledBy(twice)).toBe("stable");
  });

  test("not those of an earlier round", () => {
    const rounds = [
      ["1", "2", "2"],
      ["1", "1", "2"],
      ["1", "2", "2"],
    ].map((votes, i) => wrote(`text ${"abc"[i]}`, votes));
    expect(settledBy(rounds)).toBeNull();
  });

  test("not where nobody voted, or fewer keys did", () => {
    expect(settledBy([wrote("some text", [""]), wrote("another", [""])])).toBeNull();
    expect(settledBy([wrote("some text", ["1", "2", "3"]), wrote("another", ["1", "2"])])).toBeNull();
    expect(settledBy([wrote("some text", ["1", "2"]), wrote("another", [""])])).toBeNull();
  });
});

test("rounds that move for ever are settled as soon as one of finitely many answers comes again", () => {
  const winner = fc.constantFrom("1", "2", "3");
  fc.assert(
    fc.property(fc.array(winner, { minLength: 4, maxLength: 6 }), (winners) => {
      const outcomes = winners.map((key, round) => voted([key, key, String(100 + round)]));
      const settled = outcomes.findIndex((_, round) => settledBy(outcomes.slice(0, round + 1)) !== null);
      const repeat = winners.findIndex((key, round) => winners.slice(0, round).includes(key));
      expect(settled).toBe(repeat);
    }),
  );
});

describe("a later outcome replaces the answer", () => {
  const deciding = { votesDecide: true, regenerating: false };

  test("where votes decide, with at least its agreement", () => {
    expect(replaces({ agreement: 0.6 }, { agreement: 0.6 }, deciding)).toBe(true);
    expect(replaces({ agreement: 0.5 }, { agreement: 0.6 }, deciding)).toBe(false);
    expect(replaces({ agreement: null }, { agreement: 0.6 }, deciding)).toBe(false);
    expect(replaces({ agreement: null }, { agreement: null }, deciding)).toBe(true);
    expect(replaces({ agreement: 0 }, null, deciding)).toBe(true);
  });

  test("always where a model writes, and after a judge called it wrong", () => {
    expect(replaces({ agreement: 0 }, { agreement: 1 }, { ...deciding, votesDecide: false })).toBe(true);
    expect(replaces({ agreement: 0 }, { agreement: 1 }, { ...deciding, regenerating: true })).toBe(true);
  });
});
