import { ResponseFormatType, Role } from "@synod/contracts/model";
import { describe, expect, it } from "vitest";
import { type Changes, text } from "../testing/asking.js";
import { question, userTurn } from "../testing/gateway.js";
import { echoes } from "./hide-echo.js";

const long = "My grandmother's recipe for plum cake needs two kilograms of plums.";

const turn = (said: object): Changes => ({
  messages: [{ role: Role.ASSISTANT, ...said }, userTurn("And now?")],
});

/** Where a text may stand in a request. */
const places: Readonly<Record<string, Changes>> = {
  prompt: { messages: [], prompt: long },
  "a stop text": { sampling: { stop: ["END", long] } },
  "the schema of the reply": {
    sampling: {
      responseFormat: {
        type: ResponseFormatType.JSON_SCHEMA,
        schemaName: "s",
        schemaJson: JSON.stringify({ type: "object", description: long }),
      },
    },
  },
  "what the reply is for": {
    sampling: {
      responseFormat: { type: ResponseFormatType.JSON_SCHEMA, schemaName: "s", schemaDescription: long },
    },
  },
  "other fields of the request": { extraJson: JSON.stringify({ prediction: { content: long } }) },
  "a part": turn({ parts: [text("short"), text(long)] }),
  "a part that is no text": turn({
    parts: [{ content: { case: "otherJson", value: JSON.stringify({ type: "file", file: long }) } }],
  }),
  "a name": turn({ name: long }),
  reasoning: turn({ reasoning: long }),
  "a refusal": turn({ refusal: long }),
  "other fields of a turn": turn({ extraJson: JSON.stringify({ annotations: [long] }) }),
  "what a tool was called with": turn({ toolCalls: [{ name: "f", argumentsJson: `{"q":"${long}"}` }] }),
};

describe("echoes", () => {
  it.each([
    [`cannot parse: ${long}`, long],
    ["near: recipe for plum cake needs two", long],
    ["unexpected 'Call Ann'", " Call Ann\n"],
    ["short lines: 1. eggs 2. flour 3. butter 4. plums", "1. eggs\n2. flour\n3. butter\n4. plums"],
    [
      String.raw`bad body: {"content":"1. eggs\n2. flour\n3. butter\n4. plums"}`,
      "1. eggs\n2. flour\n3. butter\n4. plums",
    ],
    [
      String.raw`bad body: {"content":"Zwetschgenkuchen f\u00fcr Gro\u00dfmutter"}`,
      "Zwetschgenkuchen für Großmutter",
    ],
  ])("%j repeats %j", (message, said) => {
    expect(echoes(message, question("x", { messages: [userTurn("hello"), userTurn(said)] }))).toBe(true);
  });

  it.each(Object.entries(places))("looks into %s", (_, changes) => {
    expect(echoes(`cannot parse "${long}"`, question("x", changes))).toBe(true);
    expect(echoes("Rate limit reached for model x", question("x", changes))).toBe(false);
  });

  it.each([
    ["Rate limit reached for model x", long],
    ["this is it", "hi"],
    ["", long],
    ["x", ""],
    ["x", "\u200b\u0000 ".repeat(20)],
    ["a quota is used up", "\u200b\u200b\u200b\u200b\u200b\u200ba quo"],
  ])("%j does not repeat %j", (message, said) => {
    expect(echoes(message, question("x", { messages: [userTurn(said)] }))).toBe(false);
  });

  it("finds a piece of 24 characters wherever it stands", () => {
    const unbroken = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".repeat(2);
    for (let at = 0; at + 24 <= 64; at++) {
      const message = `near: ${unbroken.slice(at, at + 24)}`;
      expect(echoes(message, question("x", { messages: [userTurn(unbroken)] }))).toBe(true);
    }
  });

  it("finds the newest turn of a long conversation", () => {
    const before = Array.from({ length: 100 }, () => userTurn("lorem ipsum ".repeat(4_000)));
    expect(echoes(`near: ${long}`, question("x", { messages: [...before, userTurn(long)] }))).toBe(true);
  });

  it("is quick with a huge conversation", () => {
    const messages = Array.from({ length: 100 }, () => userTurn("lorem ipsum ".repeat(4_000)));
    const started = performance.now();
    expect(echoes("z".repeat(1_024), question("x", { messages }))).toBe(false);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
