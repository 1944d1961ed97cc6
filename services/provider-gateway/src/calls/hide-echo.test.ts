import { describe, expect, it } from "vitest";
import { question, userTurn } from "../testing/gateway.js";
import { echoes } from "./hide-echo.js";

const long = "My grandmother's recipe for plum cake needs two kilograms of plums.";

describe("echoes", () => {
  it.each([
    [`cannot parse: ${long}`, long],
    ["near: recipe for plum cake needs two", long],
    ["unexpected 'Call Ann'", " Call Ann\n"],
  ])("%j repeats %j", (message, text) => {
    expect(echoes(message, question("x", { messages: [userTurn("hello"), userTurn(text)] }))).toBe(true);
  });

  it.each([
    ["Rate limit reached for model x", long],
    ["this is it", "hi"],
    ["", long],
    ["x", ""],
  ])("%j does not repeat %j", (message, text) => {
    expect(echoes(message, question("x", { messages: [userTurn(text)] }))).toBe(false);
  });

  it("is quick with a huge conversation", () => {
    const messages = Array.from({ length: 100 }, () => userTurn("lorem ipsum ".repeat(4_000)));
    const started = performance.now();
    expect(echoes("z".repeat(1_024), question("x", { messages }))).toBe(false);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
