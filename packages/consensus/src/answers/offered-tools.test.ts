import { expect, test } from "vitest";
import { readJson } from "../json/read-json.js";
import { createBudget } from "../schema/work.js";
import { offeredTools, toolSchemas } from "./offered-tools.js";

const tool = (name: unknown, parameters?: unknown) => ({ type: "function", function: { name, parameters } });
const offering = (...tools: readonly unknown[]): string => JSON.stringify({ tools, tool_choice: "auto" });

test("a tool's schema is told as it was written, in the order of the tools", () => {
  const text =
    '{"tools":[{"function":{"name":"a","parameters":{"maximum":1.50}}},{"function":{"name":"b"}},5]}';
  expect(toolSchemas(text)).toEqual(['{"maximum":1.50}', null, null]);
  for (const none of ["", "{}", '{"tools":5}', "[]"]) expect(toolSchemas(none)).toEqual([]);
});

test("what offers no tools offers none", () => {
  for (const json of [undefined, "", "{}", "[]", '{"tools":5}', '{"tool_choice":"auto"}']) {
    expect(offeredTools(json)).toBeNull();
  }
  expect(offeredTools(offering())?.size).toBe(0);
  expect(offeredTools(offering({ type: "web_search" }, 5, tool(3)))?.size).toBe(0);
});

test("arguments are checked against the schema of their own tool", () => {
  const tools = offeredTools(offering(tool("a", { required: ["x"] }), tool("b"), tool("c", "nonsense")));
  const problem = (name: string, text: string): string | undefined => {
    const json = readJson(text);
    if (json === null) throw new Error("it is JSON");
    return tools?.get(name)?.check(json, createBudget(100).count)?.message;
  };
  expect(problem("a", "{}")).toBe('The whole fails "required".');
  expect(problem("a", '{"x":1}')).toBeUndefined();
  expect(problem("b", "{}")).toBeUndefined();
  expect(problem("c", "{}")).toBeUndefined();
});
