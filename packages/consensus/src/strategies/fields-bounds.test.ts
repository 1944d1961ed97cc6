import { expect, test, vi } from "vitest";
import { answersSaying } from "../testing/answers.js";
import { cpuMs } from "../testing/cpu-time.js";
import { fieldsOf, fieldsOutcome, objectOf } from "../testing/fields.js";

// Seconds on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 60_000 });

test("F36: the work is bounded for a schema of very many alternatives", () => {
  const anyOf = Array.from({ length: 3_000 }, (_, i) => ({ type: "object", required: [`k${i}`] }));
  const values = Array.from({ length: 5 }, () => ({
    list: Array.from({ length: 400 }, (_, i) => ({ x: i })),
  }));
  const wide = objectOf({
    list: { type: "array", items: { anyOf: [...anyOf, { type: "object", required: ["x"] }] } },
  });
  let outcome: ReturnType<typeof fieldsOf> | undefined;
  expect(cpuMs(() => (outcome = fieldsOf(values, wide)))).toBeLessThan(15_000);
  expect(JSON.parse(outcome?.text ?? "")).toEqual(values[0]);
  expect(outcome?.agreement).toBe(1);
});

test("F60: the work is bounded for many long answers", () => {
  const long = Array.from({ length: 16 }, (_, voter) =>
    JSON.stringify({
      list: Array.from({ length: 1_500 }, (_, i) => ({ id: i, text: `${voter} says ${i}` })),
    }),
  );
  const schema = objectOf({
    list: { type: "array", items: objectOf({ id: { type: "integer" }, text: { type: "string" } }) },
  });
  expect(cpuMs(() => fieldsOutcome(answersSaying(long), schema))).toBeLessThan(8_000);
});
