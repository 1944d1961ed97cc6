import { expect, test } from "vitest";
import { expanded, readSchema } from "./schema.js";

const said = (schema: unknown): unknown => {
  const read = readSchema(JSON.stringify(schema));
  if (read === null) throw new Error("it is a schema");
  return expanded([read.root], read).slice(1);
};
const text = { type: "string" };

test.each([
  ["#/$defs/a~1b", { $defs: { "a/b": text } }],
  ["#/$defs/a%20b", { $defs: { "a b": text } }],
  ["#/anyOf/0", { anyOf: [text] }],
])("%s is what it points to", (ref, rest) => {
  expect(said({ ...rest, $ref: ref })).toEqual([text]);
});

test("an anchor is the definition of that name", () => {
  const named = { $anchor: "x", ...text };
  expect(said({ $ref: "#x", $defs: { other: text, x: named } })).toEqual([named]);
  expect(said({ $ref: "#x", definitions: { x: named } })).toEqual([named]);
});

test.each(["#y", "#/$defs/missing", "#%", "https://example.org/schema", "#/$defs"])(
  "%s means nothing here",
  (ref) => {
    const schema = { $ref: ref, $defs: { x: { $anchor: "x" } } };
    expect(said(schema)).toEqual(ref === "#/$defs" ? [schema.$defs] : []);
  },
);

test("a reference to itself is followed once", () => {
  expect(said({ $ref: "#" })).toEqual([]);
});
