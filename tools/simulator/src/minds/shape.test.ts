import { expect, test } from "vitest";
import { instance, shapedAnswer } from "./shape.js";

const format = (schema: object) => ({ type: "json_schema", json_schema: { name: "a", schema } });

test("an answer fills the texts and numbers of a schema", () => {
  const schema = {
    type: "object",
    properties: {
      text: { type: "string" },
      number: { type: "number" },
      list: { type: "array", items: { type: "integer" } },
      yes: { type: "boolean" },
    },
  };
  expect(shapedAnswer(format(schema), "1,042.5")).toBe(
    '{"text":"1,042.5","number":1042.5,"list":[1042],"yes":false}',
  );
  expect(shapedAnswer({ type: "json_object" }, "42")).toBe('{"answer":"42"}');
  expect(shapedAnswer({ type: "text" }, "42")).toBeUndefined();
});

test.each([
  ["$ref", { $ref: "#/$defs/x", $defs: { x: { type: "integer" } } }, "7", 7],
  ["allOf of one", { allOf: [{ type: "string" }] }, "7", "7"],
  [
    "anyOf, a number for a number",
    { anyOf: [{ type: "null" }, { type: "string" }, { type: "number" }] },
    "7",
    7,
  ],
  [
    "anyOf, a text for a text",
    { anyOf: [{ type: "null" }, { type: "number" }, { type: "string" }] },
    "Mars",
    "Mars",
  ],
  [
    "anyOf through $ref",
    { anyOf: [{ type: "null" }, { $ref: "#/$defs/x" }], $defs: { x: { type: "string" } } },
    "a",
    "a",
  ],
  ["oneOf without a fit", { oneOf: [{ type: "null" }, { type: "boolean" }] }, "Yes", true],
  ["enum, whatever the case", { enum: ["Mars", "Venus"] }, "venus", "Venus"],
  ["enum without the answer", { enum: ["a", "b"] }, "c", "a"],
  ["const", { const: 3 }, "7", 3],
  ["a tuple", { type: "array", prefixItems: [{ type: "string" }, { type: "integer" }] }, "7", ["7", 7]],
  ["a nullable type", { type: ["string", "null"] }, "7", "7"],
])("%s", (_, schema, answer, expected) => {
  expect(instance(schema, answer)).toEqual(expected);
});

test("a schema that refers to itself ends", () => {
  const schema = { type: "object", properties: { next: { $ref: "#" }, v: { type: "string" } } };
  expect(JSON.stringify(instance(schema, "x")).length).toBeLessThan(500);
  expect(instance({ $ref: "#" }, "x")).toEqual({});
});
