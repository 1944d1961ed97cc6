import { describe, expect, test, vi } from "vitest";
import { type Ballot, castBallots } from "../answers/ballots.js";
import { answersSaying } from "../testing/answers.js";
import { cpuMs } from "../testing/cpu-time.js";
import { expected, patternsOf } from "../testing/patterns.js";
import { fc } from "../testing/seeded.js";
import { compareByHash } from "../voting/stable-hash.js";
import { type Statistic, standingsBy } from "../voting/statistic.js";
import { TRUNCATED_SHARE, type Voice } from "../voting/weighted.js";
import { losslessStop } from "./lossless.js";

// Trying every completion takes seconds on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 60_000 });

/** What a voter does: the key, or null to abstain; and whether its answer is cut. */
interface Choice {
  readonly key: string | null;
  readonly cut: boolean;
}

const ballot = ({ key, cut }: Choice, voice: Voice, member = 0): Ballot => ({
  voter: { member, sample: 1 },
  answerKey: key ?? "",
  counted: key !== null,
  ...voice,
  weight: cut ? voice.weight * TRUNCATED_SHARE : voice.weight,
  kind: key === null ? null : "exact",
  abstained: key === null ? "empty" : null,
  truncated: cut,
});

const whole = (key: string | null): Choice => ({ key, cut: false });
const named = ["a", "b", "c", null].map(whole);
// Keys that nobody has named while the round goes on may have any hash. The worst wins every tie.
const unnamed = Array.from({ length: 20_000 }, (_, i) => `key ${i}`)
  .toSorted(compareByHash)
  .slice(0, 7)
  .map(whole);

const cutToo = (choices: readonly Choice[]): readonly Choice[] =>
  choices.flatMap((choice) => (choice.key === null ? [choice] : [choice, { ...choice, cut: true }]));

const weighing = (...weights: readonly number[]): readonly Voice[] => weights.map((weight) => ({ weight }));
const rightBy = (...accuracies: readonly number[]): readonly Voice[] =>
  accuracies.map((accuracy) => ({ weight: 1, accuracy }));

/**
 * Tries every list of choices of these voices and says of each beginning of it, in which nobody named something new,
 * whether the rest can change the winner. A voter that abstains is as one that is not heard, so the winner of a
 * beginning is among those of its completions.
 */
function everyBeginning(
  statistic: Statistic,
  voices: readonly Voice[],
  { isCutToo = false }: { readonly isCutToo?: boolean } = {},
  check: (ballots: readonly Ballot[], outstanding: readonly Voice[], isDecided: boolean) => void,
): void {
  const winners = (ballots: readonly Ballot[], fresh: number): ReadonlySet<string> => {
    const found = new Set<string>();
    if (ballots.length === voices.length) return found.add(standingsBy(statistic, ballots)[0]?.key ?? "");
    const [voice, ...outstanding] = voices.slice(ballots.length);
    if (voice === undefined) return found;
    const choices = [...named, ...unnamed.slice(0, fresh + 1)];
    for (const choice of isCutToo ? cutToo(choices) : choices) {
      const isNew = choice.key === unnamed[fresh]?.key;
      const next = [...ballots, ballot(choice, voice, ballots.length)];
      for (const key of winners(next, fresh + (isNew ? 1 : 0))) found.add(key);
    }
    if (fresh === 0) check(ballots, [voice, ...outstanding], found.size === 1 && !found.has(""));
    return found;
  };
  winners([], 0);
}

/** How often the rule stops in all that can happen, and where it is wrong. */
function compare(statistic: Statistic, voices: readonly Voice[], options?: { readonly isCutToo?: boolean }) {
  let stopped = 0;
  const wrong: { readonly keys: readonly string[]; readonly stops: boolean }[] = [];
  everyBeginning(statistic, voices, options, (ballots, outstanding, isDecided) => {
    const stops = losslessStop({ ballots, outstanding }, statistic);
    if (stops) stopped++;
    if (stops !== isDecided) wrong.push({ keys: ballots.map((b) => b.answerKey), stops });
  });
  return { stopped, wrong };
}

describe("never changes the winner, and stops whenever it could not change", () => {
  test.each([
    ["plurality", weighing(1, 1, 1, 1, 1, 1, 1)],
    ["plurality", weighing(0.1, 0.2, 0.3, 0.1, 0.2, 0.3)],
    ["plurality", weighing(5, 1, 1, 1, 0.5)],
    ["weighted", weighing(3, 1, 2, 1, 1, 2, 1)],
    ["weighted", weighing(0.1, 0.2, 0.3, 0.1, 0.2, 0.3)],
    ["weighted", weighing(5, 1, 1, 1, 0.5)],
    ["weighted", rightBy(0.9, 0.6, 0.7, 0.55, 0.8, 0.6, 0.7)],
    ["weighted", rightBy(0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7)],
    ["weighted", rightBy(0.5, 1, 0.5, 0.75, 0.6)],
  ] as const)("%s, %j", (statistic, voices) => {
    for (let n = 1; n <= voices.length; n++) {
      const { stopped, wrong } = compare(statistic, voices.slice(0, n));
      expect(wrong).toEqual([]);
      if (n === voices.length) expect(stopped).toBeGreaterThan(0);
    }
  });

  test.each([
    ["plurality", weighing(1, 2, 1, 1, 1)],
    ["weighted", weighing(2, 1, 1, 1, 1)],
    ["weighted", rightBy(0.9, 0.6, 0.3, 0.2, 0.7)],
    ["weighted", rightBy(0.2, 0.3, 0.1, 0.4, 0.25)],
    ["weighted", rightBy(0.5, 1 / 3, 0.25, 0.5, 0.75)],
    ["weighted", rightBy(1, 0, 1, 0.5, 0.9)],
  ] as const)("%s, answers that may be cut, %j", (statistic, voices) => {
    expect(compare(statistic, voices, { isCutToo: true }).wrong).toEqual([]);
  });

  // Who is wrong more often than a guess does most by a cut answer, so it waits for one: here none is.
  test("never too early where voters count against their own answers", () => {
    const { stopped, wrong } = compare("weighted", rightBy(0.9, 0.6, 0.7, 0.4, 0.8, 0.6, 0.3));
    expect(stopped).toBeGreaterThan(100);
    expect(wrong.filter(({ stops }) => stops)).toEqual([]);
  });
});

test("some accuracies are unknown: it never stops too early, whichever weights will count", () => {
  const voices: readonly Voice[] = [
    { weight: 1, accuracy: 0.9 },
    { weight: 2, accuracy: 0.6 },
    { weight: 1, accuracy: 0.55 },
    { weight: 0.5 },
    { weight: 0.5, accuracy: 0.6 },
  ];
  let stopped = 0;
  // Here a voter that fails leaves no ballot, so that those who answer may all have an accuracy.
  everyBeginning("weighted", voices, {}, (ballots, outstanding) => {
    if (!losslessStop({ ballots, outstanding }, "weighted")) return;
    stopped++;
    const now = standingsBy("weighted", ballots)[0]?.key;
    const rest = voices.slice(ballots.length);
    for (const choices of lists(rest.length, ["a", "b", "c", null, "key"])) {
      const heard = rest.flatMap((voice, i) => {
        const key = choices[i] ?? null;
        return key === null ? [] : [ballot(whole(key), voice)];
      });
      expect(standingsBy("weighted", [...ballots, ...heard])[0]?.key).toBe(now);
    }
  });
  expect(stopped).toBeGreaterThan(0);
});

/** Every list of `length` choices. */
function* lists<T>(length: number, from: readonly T[]): Generator<readonly T[]> {
  if (length === 0) yield [];
  else for (const head of from) for (const tail of lists(length - 1, from)) yield [head, ...tail];
}

test.each(["plurality", "weighted"] as const)("nobody voted yet: it waits (%s)", (statistic) => {
  const abstained = ballot(whole(null), { weight: 1 });
  expect(losslessStop({ ballots: [abstained], outstanding: [] }, statistic)).toBe(false);
  expect(losslessStop({ ballots: [], outstanding: weighing(1) }, statistic)).toBe(false);
});

describe("texts are clustered anew when one more comes in", () => {
  const stops = (texts: readonly string[], out: number, statistic: Statistic): boolean =>
    losslessStop(
      {
        ballots: castBallots(answersSaying(texts), "auto"),
        outstanding: Array.from({ length: out }, () => ({ weight: 1 })),
      },
      statistic,
    );

  test.each(["plurality", "weighted"] as const)("a text never wins early (%s)", (statistic) => {
    expect(stops(["Paris", "Paris", "Paris"], 1, statistic)).toBe(false);
    expect(stops(["Paris", "Paris", "Paris"], 0, statistic)).toBe(true);
  });

  test.each(["plurality", "weighted"] as const)("all texts together are one rival (%s)", (statistic) => {
    expect(stops(["42", "42", "42", "Paris"], 1, statistic)).toBe(true);
    expect(stops(["42", "42", "42", "red", "blue"], 1, statistic)).toBe(false);
  });
});

test("has the winner that waiting for all has, with real answers, weights and accuracies", () => {
  const text = fc.constantFrom("42", "41", "B", "yes", "Paris", "paris.", "Lyon", "The capital is Paris", "");
  const voter = fc.record({
    text,
    weight: fc.constantFrom(0.5, 1, 2),
    accuracy: fc.constantFrom(0.2, 1 / 3, 0.5, 0.6, 0.9),
    truncated: fc.boolean(),
  });
  const statistics = fc.constantFrom<Statistic>("plurality", "weighted");
  let stopped = 0;
  fc.assert(
    fc.property(
      fc.array(voter, { minLength: 1, maxLength: 9 }),
      statistics,
      fc.boolean(),
      (voters, statistic, isKnown) => {
        const answers = voters.map(({ accuracy, ...answer }, member) => ({
          ...answer,
          voter: { member, sample: 1 },
          ...(isKnown && { accuracy }),
        }));
        const winner = (upTo: number) =>
          standingsBy(statistic, castBallots(answers.slice(0, upTo), "auto"))[0]?.key;
        for (let known = 1; known < answers.length; known++) {
          const ballots = castBallots(answers.slice(0, known), "auto");
          if (!losslessStop({ ballots, outstanding: answers.slice(known) }, statistic)) continue;
          stopped++;
          expect(winner(known)).toBe(winner(answers.length));
        }
      },
    ),
    { numRuns: 1_200 },
  );
  expect(stopped).toBeGreaterThan(100);
});

test("160 voters of unlike accuracies are decided in good time", () => {
  const voices = Array.from({ length: 160 }, (_, i) => ({ weight: 1, accuracy: 0.5 + (i % 16) / 40 }));
  const ballots = voices.slice(0, 100).map((voice, i) => ballot(whole("a"), voice, i));
  let stops = false;
  expect(
    cpuMs(() => {
      stops = losslessStop({ ballots, outstanding: voices.slice(100) }, "weighted");
    }),
  ).toBeLessThan(2_000);
  expect(stops).toBe(true);
});

test("it saves 15 to 31 % of the calls of 5 to 9 members that are right 60 to 80 % of the time", () => {
  const saved = (n: number, p: number): number =>
    expected(patternsOf(Array.from({ length: n }, () => p)), ({ ballots }) => {
      const isDecided = (known: number): boolean =>
        losslessStop({ ballots: ballots.slice(0, known), outstanding: ballots.slice(known) }, "plurality");
      const asked = ballots.findIndex((_, i) => isDecided(i + 1)) + 1;
      return 1 - asked / n;
    });
  const shares = [5, 6, 7, 8, 9].flatMap((n) => [0.6, 0.7, 0.8].map((p) => saved(n, p)));
  expect(Math.min(...shares)).toBeCloseTo(0.16, 2);
  expect(Math.max(...shares)).toBeCloseTo(0.31, 2);
});
