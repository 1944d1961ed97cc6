import { describe, expect, test } from "vitest";
import { question } from "../testing/specs.js";
import { answerSchema, shapedText } from "./answer-shape.js";
import type { AggregationInput } from "./strategy.js";

const inputOf = (schemaJson?: string): AggregationInput => ({
  conversation: question,
  answers: [],
  answerFormat: "auto",
  seed: 1,
  nonce: "n0nce123",
  ...(schemaJson !== undefined && {
    responseFormat: { type: "json_schema", name: "answer", schemaJson, strict: true },
  }),
});
const cities = JSON.stringify({
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
});

describe("the text of an answer in the shape that was asked for", () => {
  test("no schema: as it is", () => {
    expect(answerSchema(inputOf())).toBeNull();
    expect(shapedText("It is Paris.", inputOf())).toBe("It is Paris.");
  });

  test.each(['{"city":"Paris"}', 'Here it is:\n```json\n{"city": "Paris"}\n```'])(
    "its JSON alone: %j",
    (text) => {
      expect(shapedText(text, inputOf(cities))).toBe('{"city":"Paris"}');
    },
  );

  test.each(["Paris", '{"town":"Paris"}', '{"city":1}'])("not of the schema: none: %j", (text) => {
    expect(shapedText(text, inputOf(cities))).toBeNull();
  });

  test("any object, where no more was asked for", () => {
    const input = { ...inputOf(), responseFormat: { type: "json_object" as const } };
    expect(shapedText('Here:\n{"n": 1}', input)).toBe('{"n":1}');
    expect(shapedText("[1]", input)).toBeNull();
    expect(answerSchema({ ...inputOf(), responseFormat: { type: "text" } })).toBeNull();
  });

  test("what is no schema allows every JSON", () => {
    expect(shapedText("[1]", inputOf("not a schema"))).toBe("[1]");
    expect(shapedText("one", inputOf("not a schema"))).toBeNull();
  });
});
