import { describe, expect, test } from "vitest";
import { readJson } from "../json/read-json.js";
import { schemaProblem } from "../schema/check.js";
import { readSchema } from "../schema/schema.js";
import { answersSaying, reordered } from "../testing/answers.js";
import { fieldsOf, fieldsOutcome } from "../testing/fields.js";
import { fc } from "../testing/seeded.js";

/** A schema, and values of it. */
interface Shape {
  readonly schema: object;
  readonly value: fc.Arbitrary<unknown>;
}

const scalars: fc.Arbitrary<Shape> = fc.constantFrom<Shape>(
  { schema: { type: "string" }, value: fc.constantFrom("Paris", "paris", "Lyon", "", "a b") },
  { schema: { type: "integer", minimum: -2 }, value: fc.integer({ min: -2, max: 9 }) },
  { schema: { type: "number" }, value: fc.constantFrom(0, 0.5, 1, 2.25, 1e21) },
  { schema: { type: "number", multipleOf: 0.5 }, value: fc.constantFrom(0, 0.5, 1, 7.5) },
  { schema: { type: "boolean" }, value: fc.boolean() },
  { schema: { enum: ["x", 1, null, { a: 1 }] }, value: fc.constantFrom("x", 1, null, { a: 1 }) },
  { schema: { type: "string", pattern: "^[ab]+$" }, value: fc.constantFrom("a", "b", "ab") },
  { schema: { type: ["string", "null"] }, value: fc.constantFrom("s", null) },
);

const { shape } = fc.letrec<{ readonly shape: Shape }>((tie) => ({
  shape: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    scalars,
    fc
      .record({ items: tie("shape"), max: fc.constantFrom(2, 4, undefined) })
      .map(({ items, max }): Shape => ({
        schema: { type: "array", items: items.schema, ...(max !== undefined && { maxItems: max }) },
        value: fc.array(items.value, { maxLength: Math.min(max ?? 3, 3) }),
      })),
    fc.array(tie("shape"), { minLength: 1, maxLength: 2 }).map((items): Shape => ({
      schema: {
        type: "array",
        prefixItems: items.map(({ schema }) => schema),
        items: false,
        minItems: items.length,
      },
      value: fc.tuple(...items.map(({ value }) => value)),
    })),
    fc
      .record({ a: tie("shape"), b: tie("shape"), required: fc.subarray(["a" as const, "b" as const]) })
      .map(({ a, b, required }): Shape => ({
        schema: {
          type: "object",
          properties: { a: a.schema, b: b.schema },
          required,
          additionalProperties: false,
        },
        value: fc.record({ a: a.value, b: b.value }, { requiredKeys: [...required] }),
      })),
    fc.record({ a: tie("shape"), b: tie("shape") }).map(({ a, b }): Shape => ({
      schema: { anyOf: [a.schema, b.schema] },
      value: fc.oneof(a.value, b.value),
    })),
  ),
}));

const panels = shape.chain(({ schema, value }) =>
  fc.record({
    schema: fc.constant(schema),
    values: fc.array(value, { minLength: 1, maxLength: 6 }),
    weights: fc.array(fc.constantFrom(1, 2, 0.5), { minLength: 6, maxLength: 6 }),
    order: fc.array(fc.integer(), { minLength: 6, maxLength: 6 }),
  }),
);

describe("whatever the schema and the answers", () => {
  test("the result is valid where an answer is, and every figure is in its range", () => {
    fc.assert(
      fc.property(panels, ({ schema, values, weights }) => {
        const outcome = fieldsOf(values, schema, weights);
        const json = readJson(outcome.text);
        const read = readSchema(JSON.stringify(schema));
        if (json === null || read === null) throw new Error("both are JSON");
        expect(schemaProblem(json, read)).toBeNull();
        expect(outcome.formatProblem).toBeUndefined();
        expect(outcome.agreement).toBeGreaterThanOrEqual(0);
        expect(outcome.agreement).toBeLessThanOrEqual(1);
        for (const { agreement, support, voters } of outcome.fields ?? []) {
          expect(agreement).toBeGreaterThanOrEqual(0);
          expect(agreement).toBeLessThanOrEqual(1);
          expect(support).toBeLessThanOrEqual(voters);
          expect(voters).toBe(values.length);
        }
      }),
      { numRuns: 120 },
    );
  });

  test("the order of the answers never matters", () => {
    fc.assert(
      fc.property(panels, ({ schema, values, weights, order }) => {
        const answers = answersSaying(
          values.map((value) => JSON.stringify(value)),
          weights,
        );
        const { votes: _votes, contributions: _, ...expected } = fieldsOutcome(answers, schema);
        const {
          votes: __votes,
          contributions: __,
          ...found
        } = fieldsOutcome(reordered(answers, order.slice(0, answers.length)), schema);
        expect(found).toEqual(expected);
      }),
      { numRuns: 120 },
    );
  });

  test("what all say is the result, with full agreement", () => {
    fc.assert(
      fc.property(panels, fc.integer({ min: 1, max: 5 }), ({ schema, values }, count) => {
        const same = Array.from({ length: count }, () => values[0]);
        const outcome = fieldsOf(same, schema);
        expect(JSON.parse(outcome.text)).toEqual(values[0]);
        expect(outcome.agreement).toBe(1);
        expect(outcome.tieBroken).toBeUndefined();
      }),
      { numRuns: 120 },
    );
  });

  test("any JSON is agreed on without a schema", () => {
    fc.assert(
      fc.property(fc.array(fc.json(), { minLength: 1, maxLength: 5 }), (texts) => {
        const outcome = fieldsOutcome(answersSaying(texts));
        expect(readJson(outcome.text)).not.toBeNull();
        expect(outcome.agreement).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 120 },
    );
  });
});
