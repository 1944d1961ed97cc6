import { describe, expect, test, vi } from "vitest";
import { mergeAnswers } from "../fields/merge-values.js";
import { readJson } from "../json/read-json.js";
import { answersSaying } from "../testing/answers.js";
import { cpuMs } from "../testing/cpu-time.js";
import { fieldsOf, fieldsOutcome, objectOf } from "../testing/fields.js";

// Seconds on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 60_000 });

const list = <T>(length: number, make: (i: number) => T): readonly T[] =>
  Array.from({ length }, (_, i) => make(i));

/** The work that merging takes: counted, so that it does not depend on the machine. */
function workOf(values: readonly unknown[], schema: object): number {
  let sum = 0;
  const entries = values.map((value, member) => {
    const json = readJson(JSON.stringify(value));
    if (json === null) throw new Error("it is JSON");
    return { voter: { member, sample: 1 }, weight: 1, json };
  });
  mergeAnswers(entries, { root: { ...schema } }, (work) => (sum += work));
  return sum;
}

describe("the work grows no faster than what it is done on:", () => {
  const rows = objectOf({ id: { type: "integer" }, text: { type: "string" } });
  const ofRows = (voters: number, length: number): number =>
    workOf(
      list(voters, (voter) => list(length, (i) => ({ id: i, text: `${voter} says ${i}` }))),
      { type: "array", items: rows },
    );

  test("entries of lists", () => {
    expect(ofRows(8, 400)).toBeLessThan(2.1 * ofRows(8, 200));
  });

  test("answers", () => {
    expect(ofRows(16, 100)).toBeLessThan(2.1 * ofRows(8, 100));
  });

  test("members", () => {
    const wide = (length: number): number =>
      workOf(
        list(8, (voter) => Object.fromEntries(list(length, (i) => [`m${i}`, i + voter]))),
        { type: "object" },
      );
    expect(wide(2_000)).toBeLessThan(2.1 * wide(1_000));
  });

  test("alternatives, each compared once with entries of one form", () => {
    const ofAlternatives = (length: number): number =>
      workOf(
        list(5, () => list(200, (x) => ({ x }))),
        {
          type: "array",
          items: {
            anyOf: [...list(length, (i) => ({ type: "object", required: [`k${i}`] })), { required: ["x"] }],
          },
        },
      );
    const more = ofAlternatives(1_000) - ofAlternatives(500);
    expect(more).toBeLessThan(2 * 500 * 2);
  });
});

test("F36: the work is bounded for a schema of very many alternatives", () => {
  const anyOf = list(3_000, (i) => ({ type: "object", required: [`k${i}`] }));
  const values = list(5, () => ({ list: list(400, (x) => ({ x })) }));
  const wide = objectOf({
    list: { type: "array", items: { anyOf: [...anyOf, { type: "object", required: ["x"] }] } },
  });
  let outcome: ReturnType<typeof fieldsOf> | undefined;
  expect(cpuMs(() => (outcome = fieldsOf(values, wide)))).toBeLessThan(2_000);
  expect(JSON.parse(outcome?.text ?? "")).toEqual(values[0]);
  expect(outcome?.agreement).toBe(1);
  expect(outcome?.formatProblem).toContain("too large together");
});

describe("F60: the work is bounded for many long answers", () => {
  const rows = (length: number): readonly string[] =>
    list(16, (voter) =>
      JSON.stringify({ list: list(length, (id) => ({ id, text: `${voter} says ${id}` })) }),
    );
  const schema = objectOf({
    list: { type: "array", items: objectOf({ id: { type: "integer" }, text: { type: "string" } }) },
  });

  test("which are agreed on value by value", () => {
    const answers = answersSaying(rows(1_000));
    let outcome: ReturnType<typeof fieldsOf> | undefined;
    expect(cpuMs(() => (outcome = fieldsOutcome(answers, schema)))).toBeLessThan(2_000);
    expect((JSON.parse(outcome?.text ?? "") as { list: unknown[] }).list).toHaveLength(1_000);
    expect(outcome?.formatProblem).toBeUndefined();
  });

  test("or, where they are longer, whole", () => {
    const texts = rows(1_500);
    let outcome: ReturnType<typeof fieldsOf> | undefined;
    expect(cpuMs(() => (outcome = fieldsOutcome(answersSaying(texts), schema)))).toBeLessThan(2_000);
    expect(texts).toContain(outcome?.text);
    expect(outcome).toMatchObject({ agreement: 1 / 16 });
    expect(outcome?.formatProblem).toBeUndefined();
  });

  test("or, where they are longer still, not at all", () => {
    const texts = list(160, () => JSON.stringify({ list: list(2_000, () => 0) }));
    let outcome: ReturnType<typeof fieldsOf> | undefined;
    expect(cpuMs(() => (outcome = fieldsOutcome(answersSaying(texts))))).toBeLessThan(2_000);
    expect(outcome).toMatchObject({ text: "", agreement: null });
  });

  test("with long texts in very many places", () => {
    const essay = (seed: number): string => list(120, (i) => `word${(i * 31 + seed * 7) % 97}`).join(" ");
    const texts = list(16, (voter) =>
      JSON.stringify(Object.fromEntries(list(100, (i) => [`m${i}`, essay(voter + i)]))),
    );
    expect(cpuMs(() => fieldsOutcome(answersSaying(texts)))).toBeLessThan(2_000);
  });
});
