import OpenAI from "openai";
import { zodFunction, zodResponseFormat } from "openai/helpers/zod";
import { expect, it } from "vitest";
import { z } from "zod";

import { fails } from "../src/harness/upstream.js";
import type { Client, ClientKind, ConnectOptions, Failed } from "./conformance/client.js";
import { answering, speaksToSynod } from "./conformance/suite.js";

function connect({ url, apiKey, retries }: ConnectOptions): Client {
  const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: retries });
  return {
    async ask({ model, text, temperature, signal }) {
      const completion = await openai.chat.completions.create(
        {
          model,
          messages: [{ role: "user", content: text }],
          ...(temperature !== undefined && { temperature }),
        },
        { signal },
      );
      const [choice] = completion.choices;
      return {
        text: choice?.message.content ?? "",
        finishReason: choice?.finish_reason,
        totalTokens: completion.usage?.total_tokens,
        consensus: "consensus" in completion ? completion.consensus : undefined,
      };
    },
    async *stream({ model, text, temperature, signal }) {
      const chunks = await openai.chat.completions.create(
        {
          model,
          messages: [{ role: "user", content: text }],
          stream: true,
          ...(temperature !== undefined && { temperature }),
        },
        { signal },
      );
      for await (const { choices } of chunks) yield choices[0]?.delta.content ?? "";
    },
    async models() {
      const ids: string[] = [];
      for await (const { id } of openai.models.list()) ids.push(id);
      return ids;
    },
  };
}

function failed(error: unknown): Failed {
  if (!(error instanceof OpenAI.APIError)) throw error;
  return { status: error.status, message: error.message };
}

const kind: ClientKind = {
  name: "openai",
  obeysShouldRetry: true,
  showsConsensus: true,
  listsModels: true,
  connect,
  failed,
};

const question = { role: "user", content: "What is 17 * 23?" } as const;
const sum = z.object({ result: z.int() });
const weather = zodFunction({
  name: "get_weather",
  parameters: z.object({ city: z.string() }),
  function: ({ city }) => `${city}: 21 degrees`,
});

speaksToSynod(kind, (house) => {
  const client = (): OpenAI =>
    new OpenAI({ baseURL: `${house().url}/v1`, apiKey: house().apiKey, maxRetries: 0 });

  it.each(answering)("parse() reads an answer of a zod schema ($who)", async ({ model, paid }) => {
    const response_format = zodResponseFormat(sum, "sum");
    const completion = await client().chat.completions.parse({
      model,
      messages: [question],
      response_format,
    });
    expect(completion.choices[0]?.message.parsed).toEqual({ result: 391 });
    if (paid > 1) expect(completion).toMatchObject({ consensus: { strategy: "fields", agreement: 1 } });
    expect(house().upstream.calls()).toHaveLength(paid);
  });

  it.each(answering)("parse() reads a call of a tool ($who)", async ({ model, paid }) => {
    const tools = [zodFunction({ name: "submit", parameters: sum })];
    const completion = await client().chat.completions.parse({ model, messages: [question], tools });
    const [choice] = completion.choices;
    expect(choice?.finish_reason).toBe("tool_calls");
    expect(choice?.message.tool_calls?.map((call) => call.function.parsed_arguments)).toEqual([
      { result: 391 },
    ]);
    if (paid > 1) expect(completion).toMatchObject({ consensus: { strategy: "tool_calls", agreement: 1 } });
    expect(house().upstream.calls()).toHaveLength(paid);
  });

  it.each(answering)("runTools() runs what is called and goes on with it ($who)", async ({ model, paid }) => {
    const call = { kind: "tool_calls", name: "get_weather", arguments: '{"city":"Paris"}' } as const;
    house().upstream.script([fails("*", call, { from: 1, to: paid })]);
    const runner = client().chat.completions.runTools({
      model,
      messages: [{ role: "user", content: "How warm is it in Paris?" }],
      tools: [weather],
    });
    expect(await runner.finalContent()).toContain("Paris: 21 degrees");
    expect(house().upstream.calls()).toHaveLength(2 * paid);
  });

  it.each(answering)(
    "stream() puts the chunks together, calls of tools too ($who)",
    async ({ model, paid }) => {
      const tools = [zodFunction({ name: "submit", parameters: sum })];
      const streams = [
        client().chat.completions.stream({ model, messages: [question] }),
        client().chat.completions.stream({ model, messages: [question], tools }),
      ];
      const [text, called] = await Promise.all(streams.map((stream) => stream.finalChatCompletion()));
      expect(text?.choices[0]?.message.content).toContain("391");
      expect(text?.usage?.total_tokens).toBeGreaterThan(0);
      expect(called?.choices[0]?.message.tool_calls).toMatchObject([
        { type: "function", function: { name: "submit", arguments: '{"result":391}' } },
      ]);
      expect(house().upstream.calls()).toHaveLength(2 * paid);
    },
  );
});
