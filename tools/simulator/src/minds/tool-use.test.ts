import { describe, expect, test } from "vitest";
import { startSimulator } from "../simulator.js";
import { ask, chat } from "../testing/ask.js";

const question = "What is 17 + 25?";
const tool = (name: string, parameters: object = {}, description = "") => ({
  type: "function",
  function: { name, description, parameters: { type: "object", ...parameters } },
});
const tools = [
  tool("get_weather", { properties: { city: { type: "string" } } }, "The weather of a city"),
  tool(
    "submit",
    { properties: { result: { type: "integer" }, note: { type: "string" } } },
    "What is the sum",
  ),
];

interface Choice {
  readonly message: {
    readonly content: string | null;
    readonly refusal?: string | null;
    readonly tool_calls?: readonly {
      readonly id: string;
      readonly type: string;
      readonly function: { readonly name: string; readonly arguments: string };
    }[];
  };
  readonly finish_reason: string;
}

async function choiceOf(body: object, provider: "openrouter" | "groq" = "openrouter"): Promise<Choice> {
  await using simulator = await startSimulator({ latency: "off" });
  const reply = await ask(simulator, provider, body);
  expect(reply.status).toBe(200);
  const [choice] = (JSON.parse(reply.text) as { choices: Choice[] }).choices;
  if (choice === undefined) throw new Error("there is a choice");
  return choice;
}

describe("tools", () => {
  test.each(["openrouter", "groq"] as const)(
    "a model calls the one that fits the question (%s)",
    async (provider) => {
      const { message, finish_reason } = await choiceOf(chat("ada-large", question, { tools }), provider);
      expect(finish_reason).toBe("tool_calls");
      expect(message.content ?? null).toBeNull();
      expect(message.tool_calls).toEqual([
        {
          id: expect.stringMatching(/^call_[a-z0-9]{20,}$/),
          type: "function",
          function: { name: "submit", arguments: '{"result":42,"note":"42"}' },
        },
      ]);
    },
  );

  test("a model answers where it may not call one, and after one has said something", async () => {
    const none = await choiceOf(chat("ada-large", question, { tools, tool_choice: "none" }));
    expect(none.message.content).toContain("Answer: 42");
    const tool_calls = [
      { id: "call_1", type: "function", function: { name: "get_weather", arguments: "{}" } },
    ];
    const messages = [
      { role: "user", content: "How warm is it in Paris?" },
      { role: "assistant", content: null, tool_calls },
      { role: "tool", tool_call_id: "call_1", content: "21 degrees" },
    ];
    const after = await choiceOf({ model: "ada-large", messages, tools });
    expect(after).toMatchObject({
      finish_reason: "stop",
      message: { content: expect.stringContaining("21 degrees") },
    });
    expect(after.message.tool_calls).toBeUndefined();
  });

  test("a model calls the one that is named, and one that it must", async () => {
    const named = { type: "function", function: { name: "get_weather" } };
    const chosen = await choiceOf(chat("ada-large", question, { tools, tool_choice: named }));
    expect(chosen.message.tool_calls?.[0]?.function).toEqual({
      name: "get_weather",
      arguments: '{"city":"42"}',
    });
    const must = await choiceOf(
      chat("ada-large", question, { tools: tools.slice(0, 1), tool_choice: "required" }),
    );
    expect(must.message.tool_calls).toHaveLength(1);
  });

  test("no two calls have the same id", async () => {
    await using simulator = await startSimulator({ latency: "off" });
    const ids = [];
    for (let i = 0; i < 3; i++) {
      const reply = await ask(simulator, "openrouter", chat("ada-large", question, { tools }));
      ids.push(/"call_[a-z0-9]+"/.exec(reply.text)?.[0]);
    }
    expect(new Set(ids).size).toBe(3);
  });

  test("are called in a stream too, and paid for by what was written", async () => {
    await using simulator = await startSimulator({ latency: "off" });
    const body = chat("ada-large", question, {
      tools,
      stream: true,
      stream_options: { include_usage: true },
    });
    const reply = await ask(simulator, "openrouter", body);
    expect(reply.text).toContain(String.raw`"arguments":"{\"result\":42`);
    expect(reply.text).toContain('"finish_reason":"tool_calls"');
    expect(/"completion_tokens":(\d+)/.exec(reply.text)?.[1]).not.toBe("0");
  });

  test("arguments are cut at the limit of tokens", async () => {
    const { message, finish_reason } = await choiceOf(chat("ada-large", question, { tools, max_tokens: 2 }));
    expect(finish_reason).toBe("length");
    expect(message.tool_calls?.[0]?.function.arguments).toBe('{"result":42');
  });

  test("a question outside the bank: a notice, and a refusal where a call or JSON must be said", async () => {
    const unknown = "Who will win the next election?";
    expect((await choiceOf(chat("ada-large", unknown, { tools }))).message.content).toContain(
      "This is a simulation",
    );
    const must = await choiceOf(chat("ada-large", unknown, { tools, tool_choice: "required" }));
    expect(must.message).toMatchObject({ content: null, refusal: expect.stringContaining("simulation") });
    const schema = { type: "json_schema", json_schema: { name: "a", schema: { type: "object" } } };
    const shaped = await choiceOf(chat("ada-large", unknown, { response_format: schema }));
    expect(shaped.message).toMatchObject({ content: null, refusal: expect.stringContaining("simulation") });
  });

  test.each([
    [{ tool_choice: "required" }],
    [{ tools, tool_choice: { type: "function", function: { name: "nobody" } } }],
    [{ tools: [{ function: { name: "f" } }] }],
  ])("a mistake is refused: %j", async (more) => {
    await using simulator = await startSimulator({ latency: "off" });
    expect((await ask(simulator, "openrouter", chat("ada-large", question, more))).status).toBe(400);
  });
});
