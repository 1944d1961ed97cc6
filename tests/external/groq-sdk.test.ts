import Groq from "groq-sdk";
import { expect, it } from "vitest";

import type { Client, ClientKind, ConnectOptions, Failed } from "./conformance/client.js";
import { answering, speaksToSynod } from "./conformance/suite.js";

// It puts /openai/v1 in front of every path.
function connect({ url, apiKey, retries }: ConnectOptions): Client {
  const groq = new Groq({ baseURL: url, apiKey, maxRetries: retries });
  return {
    async ask({ model, text, temperature, signal }) {
      const completion = await groq.chat.completions.create(
        { model, messages: [{ role: "user", content: text }], temperature },
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
      const chunks = await groq.chat.completions.create(
        { model, messages: [{ role: "user", content: text }], stream: true, temperature },
        { signal },
      );
      for await (const { choices } of chunks) yield choices[0]?.delta.content ?? "";
    },
    async models() {
      const { data } = await groq.models.list();
      return data.map(({ id }) => id);
    },
  };
}

function failed(error: unknown): Failed {
  if (!(error instanceof Groq.APIError)) throw error;
  return { status: error.status, message: error.message };
}

const kind: ClientKind = {
  name: "groq-sdk",
  obeysShouldRetry: true,
  showsConsensus: true,
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
  const client = (): Groq => new Groq({ baseURL: house().url, apiKey: house().apiKey, maxRetries: 0 });

  it.each(answering)("calls a tool ($who)", async ({ model, paid }) => {
    const completion = await client().chat.completions.create({
      model,
      messages: [question],
      tools: [{ type: "function", function: { name: "submit", parameters: schema } }],
      tool_choice: "required",
    });
    const [choice] = completion.choices;
    expect(choice?.finish_reason).toBe("tool_calls");
    expect(choice?.message.tool_calls?.map((call) => call.function)).toEqual([
      { name: "submit", arguments: '{"result":391}' },
    ]);
    expect(house().upstream.calls()).toHaveLength(paid);
  });

  it.each(answering)("answers in JSON of a schema ($who)", async ({ model, paid }) => {
    const completion = await client().chat.completions.create({
      model,
      messages: [question],
      response_format: { type: "json_schema", json_schema: { name: "sum", schema, strict: true } },
    });
    expect(JSON.parse(completion.choices[0]?.message.content ?? "")).toEqual({ result: 391 });
    expect(house().upstream.calls()).toHaveLength(paid);
  });
});
