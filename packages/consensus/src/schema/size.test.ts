import { expect, test } from "vitest";
import { fc } from "../testing/seeded.js";
import { SCHEMA_LIMITS as most, schemaExcess } from "./size.js";

const list = <T>(length: number, make: (i: number) => T): readonly T[] =>
  Array.from({ length }, (_, i) => make(i));
const excess = (schema: unknown): string | null => schemaExcess(JSON.stringify(schema));
const members = (length: number, node: unknown) => ({
  properties: Object.fromEntries(list(length, (i) => [`m${i}`, node])),
});
const nested = (depth: number): unknown =>
  list(depth, (i) => i).reduce<unknown>((node) => ({ items: node }), {});

test.each([
  ["subschemas", (n: number) => members(n - 1, {}), "has more than 5000 subschemas"],
  [
    "alternatives",
    (n: number) => ({ properties: { a: { oneOf: list(n, () => true) } } }),
    "has more than 1000 alternatives in /properties/a/oneOf",
  ],
  [
    "options",
    (n: number) => ({ anyOf: [{ enum: [1, 2] }, { enum: list(n - 2, (i) => i) }] }),
    "has more than 10000 values in enum",
  ],
  [
    "patterns",
    (n: number) => ({ anyOf: list(n, (i) => ({ pattern: `${i}` })) }),
    "has more than 100 patterns",
  ],
  [
    "patterns",
    (n: number) => ({ patternProperties: Object.fromEntries(list(n, (i) => [`^${i}`, {}])) }),
    "has more than 100 patterns",
  ],
  ["depth", nested, "nests more than 64 deep"],
  ["chars", (n: number) => ({ description: "x".repeat(n - 18) }), "has more than 262144 characters"],
] as const)("the limit of %s holds to the last one", (limit, schema, words) => {
  expect(excess(schema(most[limit]))).toBeNull();
  expect(excess(schema(most[limit] + 1))).toBe(words);
});

test("values are no schemas, and names are no keywords", () => {
  expect(excess({ default: members(6_000, {}), const: nested(100), enum: [nested(100)] })).toBeNull();
  expect(excess({ properties: { enum: {}, anyOf: {}, pattern: { pattern: "a" } } })).toBeNull();
});

test("any JSON is measured", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(schemaExcess(text)).toBeNull();
    }),
  );
});

test("F36: what nests very deep is refused, not followed", () => {
  expect(schemaExcess(`${'{"items":'.repeat(20_000)}{}${"}".repeat(20_000)}`)).toContain("64 deep");
  expect(schemaExcess(`{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`)).toContain("64 deep");
});
