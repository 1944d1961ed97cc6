import { describe, expect, test } from "vitest";
import { voteFor } from "../testing/scripted-run.js";
import { eligibleJudges } from "./eligible.js";
import { juryVerdict, verdictOf } from "./jury.js";
import type { Verdict } from "./verdict.js";

const kinds = { R: "right", W: "wrong", U: "unsure", "-": "none" } as const;
const votesOf = (text: string) =>
  [...text].map((letter, i) => voteFor(`judge ${i}`, kinds[letter as keyof typeof kinds]));

/** The letters say what each judge said; `-` is a judge without a verdict. */
test.each<[votes: string, needed: number, verdict: Verdict["kind"]]>([
  ["R", 1, "right"],
  ["W", 1, "wrong"],
  ["U", 1, "unsure"],
  ["-", 1, "none"],
  ["", 1, "none"],
  ["RR", 2, "right"],
  ["RW", 2, "wrong"],
  ["RU", 2, "unsure"],
  ["R-", 2, "none"],
  ["W-", 2, "wrong"],
  ["U-", 2, "none"],
  ["R-", 1, "right"],
  ["W-", 1, "none"],
  ["RW", 1, "right"],
  ["RRR", 2, "right"],
  ["RRW", 2, "right"],
  ["RRU", 2, "right"],
  ["RR-", 2, "right"],
  ["RWW", 2, "wrong"],
  ["WWW", 2, "wrong"],
  ["WWU", 2, "wrong"],
  ["WW-", 2, "wrong"],
  ["RWU", 2, "unsure"],
  ["RUU", 2, "unsure"],
  ["UUU", 2, "unsure"],
  ["WUU", 2, "unsure"],
  ["RW-", 2, "none"],
  ["RU-", 2, "none"],
  ["WU-", 2, "none"],
  ["UU-", 2, "unsure"],
  ["R--", 2, "none"],
  ["W--", 2, "none"],
  ["U--", 2, "none"],
  ["---", 2, "none"],
])("%s, of which %i must say right: %s", (votes, needed, verdict) => {
  expect(juryVerdict(votesOf(votes), needed)).toBe(verdict);
});

/** Every jury of `length` judges. */
function juries(length: number, letters = "RWU-"): readonly string[] {
  if (length === 0) return [""];
  return juries(length - 1, letters).flatMap((rest) => [...letters].map((letter) => letter + rest));
}

/** What a jury could come to once its missing judges have spoken. */
function completions(votes: string): readonly string[] {
  const at = votes.indexOf("-");
  return at < 0
    ? [votes]
    : [..."RWU"].flatMap((said) => completions(votes.slice(0, at) + said + votes.slice(at + 1)));
}

describe("every jury of up to 5", () => {
  const all = [1, 2, 3, 4, 5].flatMap((n) =>
    juries(n).flatMap((votes) => Array.from({ length: n }, (_, k) => [votes, k + 1] as const)),
  );

  const said = new Map<string, Verdict["kind"]>();
  const verdictOn = (votes: string, needed: number): Verdict["kind"] => {
    const known = said.get(`${votes}/${needed}`) ?? juryVerdict(votesOf(votes), needed);
    said.set(`${votes}/${needed}`, known);
    return known;
  };

  test("a verdict is what it would be whatever the missing judges say; `none` is where they decide", () => {
    const wrong = all.filter(([votes, needed]) => {
      const completed = new Set(completions(votes).map((whole) => verdictOn(whole, needed)));
      const verdict = verdictOn(votes, needed);
      return verdict === "none" ? completed.size < 2 : completed.size > 1 || !completed.has(verdict);
    });
    expect(wrong).toEqual([]);
  });

  test("garbage and doubt in place of a right verdict never make a jury say right", () => {
    const wrong = all.filter(
      ([votes, needed]) =>
        verdictOn(votes, needed) !== "right" &&
        ["-", "W", "U"].some((worse) => verdictOn(votes.replaceAll("R", worse), needed) === "right"),
    );
    expect(wrong).toEqual([]);
  });

  test("the order of judges never matters", () => {
    const wrong = all.filter(
      ([votes, needed]) => verdictOn(votes, needed) !== verdictOn([...votes].toSorted().join(""), needed),
    );
    expect(wrong).toEqual([]);
  });
});

test("two of three judges, who flag 70 % of what is wrong and 20 % of what is right", () => {
  const flags = (chance: number): number =>
    juries(3, "RW")
      .filter((votes) => juryVerdict(votesOf(votes), 2) === "wrong")
      .reduce((sum, votes) => sum + [...votes].reduce((p, v) => p * (v === "W" ? chance : 1 - chance), 1), 0);
  expect(flags(0.7)).toBeCloseTo(0.784, 10);
  expect(flags(0.2)).toBeCloseTo(0.104, 10);
});

test("the findings are those of the judges who said wrong", () => {
  const verdict = verdictOf(votesOf("RWU"), 2, "validate/1");
  expect(verdict.findings).toEqual([{ quote: "42", problem: "It is not 42.", severity: "major" }]);
  expect(verdict).toMatchObject({ kind: "unsure", promptVersion: "validate/1" });
  expect(verdict.votes).toHaveLength(3);
});

describe("recusal", () => {
  const judges = ["google", "meta", "qwen"].map((family) => ({ model: `${family}/judge`, family }));
  const families = (winners: readonly string[], needed: number): readonly string[] =>
    eligibleJudges(judges, winners, needed).map((judge) => judge.family);

  test("a judge of the family of the only member that gave the winning answer stands aside", () => {
    expect(families(["google"], 2)).toEqual(["meta", "qwen"]);
  });

  test("not when too few would remain", () => {
    expect(families(["google"], 3)).toEqual(["google", "meta", "qwen"]);
  });

  test("not when several members gave it, even of one family, or none did", () => {
    expect(families(["google", "google"], 2)).toHaveLength(3);
    expect(families([], 2)).toHaveLength(3);
    expect(families(["other"], 2)).toHaveLength(3);
  });
});
