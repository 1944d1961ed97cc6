import { OpenRouter } from "@openrouter/sdk";
import { OpenRouterError } from "@openrouter/sdk/models/errors";
import { expect, it } from "vitest";

import type { Client, ClientKind, ConnectOptions, Failed } from "./conformance/client.js";
import { answering, speaksToSynod } from "./conformance/suite.js";

// Its repeats are not counted: they end by time.
function connect({ url, apiKey, retries }: ConnectOptions): Client {
  const backoff = { initialInterval: 500, maxInterval: 500, exponent: 1, maxElapsedTime: 2_000 };
  const openrouter = new OpenRouter({
    serverURL: `${url}/v1`,
    apiKey,
    retryConfig: retries === 0 ? { strategy: "none" } : { strategy: "backoff", backoff },
  });
  return {
    async ask({ model, text, temperature, signal }) {
      const result = await openrouter.chat.send(
        { chatRequest: { model, messages: [{ role: "user", content: text }], temperature, stream: false } },
        { signal },
      );
      if (!("choices" in result)) throw new Error("a stream has come");
      const [choice] = result.choices;
      return {
        text: String(choice?.message.content ?? ""),
        finishReason: choice?.finishReason,
        totalTokens: result.usage?.totalTokens,
        consensus: undefined,
      };
    },
    async *stream({ model, text, temperature, signal }) {
      const chunks = await openrouter.chat.send(
        { chatRequest: { model, messages: [{ role: "user", content: text }], temperature, stream: true } },
        { signal },
      );
      if ("choices" in chunks) throw new Error("no stream has come");
      for await (const { choices, error } of chunks) {
        if (error !== undefined) throw new Error(error.message);
        yield choices[0]?.delta.content ?? "";
      }
    },
    async models() {
      const ids: string[] = [];
      for await (const { result } of await openrouter.models.list())
        ids.push(...result.data.map(({ id }) => id));
      return ids;
    },
  };
}

function failed(error: unknown): Failed {
  if (error instanceof OpenRouterError) return { status: error.statusCode, message: error.body };
  if (!(error instanceof Error)) throw error;
  return { status: undefined, message: error.message };
}

const kind: ClientKind = {
  name: "@openrouter/sdk",
  obeysShouldRetry: false,
  showsConsensus: false,
  listsModels: true,
  connect,
  failed,
};

const question = { role: "user", content: "What is 17 * 23?" } as const;
const schema = {
  type: "object",
  properties: { result: { type: "integer" } },
  required: ["result"],
  additionalProperties: false,
};

speaksToSynod(kind, (house) => {
  const client = (): OpenRouter => new OpenRouter({ serverURL: `${house().url}/v1`, apiKey: house().apiKey });

  it.each(answering)("calls a tool ($who)", async ({ model, paid }) => {
    const result = await client().chat.send({
      chatRequest: {
        model,
        messages: [question],
        tools: [{ type: "function", function: { name: "submit", parameters: schema } }],
        toolChoice: "required",
        stream: false,
      },
    });
    expect("choices" in result && result.choices[0]).toMatchObject({
      finishReason: "tool_calls",
      message: { content: null, toolCalls: [{ function: { name: "submit", arguments: '{"result":391}' } }] },
    });
    expect(house().upstream.calls()).toHaveLength(paid);
  });

  it.each(answering)("answers in JSON of a schema ($who)", async ({ model, paid }) => {
    const result = await client().chat.send({
      chatRequest: {
        model,
        messages: [question],
        responseFormat: { type: "json_schema", jsonSchema: { name: "sum", schema, strict: true } },
        stream: false,
      },
    });
    const text = "choices" in result ? result.choices[0]?.message.content : "";
    expect(JSON.parse(String(text))).toEqual({ result: 391 });
    expect(house().upstream.calls()).toHaveLength(paid);
  });

  it("asks who serves a model", async () => {
    const slug = "google/gemini-2.0-flash-001";
    const { data } = await client().endpoints.list({ author: "openrouter", slug });
    expect(data.endpoints).toHaveLength(1);
  });
});
