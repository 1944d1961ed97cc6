import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import {
  APICallError,
  generateObject,
  generateText,
  RetryError,
  stepCountIs,
  streamObject,
  streamText,
  tool,
} from "ai";
import { expect, it } from "vitest";
import { z } from "zod";

import { fails, says } from "../src/harness/upstream.js";

import type { Client, ClientKind, ConnectOptions, Failed } from "./conformance/client.js";
import { answering, speaksToSynod } from "./conformance/suite.js";

function connect({ url, apiKey, retries }: ConnectOptions): Client {
  const synod = createOpenAICompatible({ name: "synod", baseURL: `${url}/v1`, apiKey });
  return {
    async ask({ model, text, temperature, signal }) {
      const result = await generateText({
        model: synod(model),
        prompt: text,
        maxRetries: retries,
        temperature,
        abortSignal: signal,
      });
      const body = result.response.body;
      return {
        text: result.text,
        finishReason: result.finishReason,
        totalTokens: result.usage.totalTokens,
        consensus:
          typeof body === "object" && body !== null && "consensus" in body ? body.consensus : undefined,
      };
    },
    async *stream({ model, text, temperature, signal }) {
      const { fullStream } = streamText({
        model: synod(model),
        prompt: text,
        maxRetries: retries,
        temperature,
        abortSignal: signal,
        // It would write them to the console.
        onError: () => undefined,
      });
      for await (const part of fullStream) {
        if (part.type === "error") throw part.error;
        if (part.type === "abort") throw new Error("aborted");
        if (part.type === "text-delta") yield part.text;
      }
    },
  };
}

function failed(error: unknown): Failed {
  const cause = RetryError.isInstance(error) ? error.lastError : error;
  if (APICallError.isInstance(cause)) return { status: cause.statusCode, message: cause.message };
  return { status: undefined, message: cause instanceof Error ? cause.message : JSON.stringify(cause) };
}

const kind: ClientKind = {
  name: "ai with @ai-sdk/openai-compatible",
  obeysShouldRetry: false,
  showsConsensus: true,
  listsModels: false,
  connect,
  failed,
};

const prompt = "What is 17 * 23?";
const schema = z.object({ result: z.int() });

// It would say on the console that a schema without `supportsStructuredOutputs` goes into the prompt alone.
globalThis.AI_SDK_LOG_WARNINGS = false;

speaksToSynod(kind, (house) => {
  const synod = (supportsStructuredOutputs: boolean) =>
    createOpenAICompatible({
      name: "synod",
      baseURL: `${house().url}/v1`,
      apiKey: house().apiKey,
      supportsStructuredOutputs,
    });

  it.each(answering)("generateObject() with a schema ($who)", async ({ model, paid }) => {
    const { object } = await generateObject({ model: synod(true)(model), prompt, schema, maxRetries: 0 });
    expect(object).toEqual({ result: 391 });
    expect(house().upstream.calls()[0]?.body).toMatchObject({ response_format: { type: "json_schema" } });
    expect(house().upstream.calls()).toHaveLength(paid);
  });

  it.each(answering)(
    "generateObject() with any JSON, as it asks by default ($who)",
    async ({ model, paid }) => {
      house().upstream.script([says("*", '{"result": 391}')]);
      const { object } = await generateObject({ model: synod(false)(model), prompt, schema, maxRetries: 0 });
      expect(object).toEqual({ result: 391 });
      expect(house().upstream.calls()[0]?.body).toMatchObject({ response_format: { type: "json_object" } });
      expect(house().upstream.calls()).toHaveLength(paid);
    },
  );

  it.each(answering)("streamObject() ($who)", async ({ model, paid }) => {
    const { partialObjectStream } = streamObject({
      model: synod(true)(model),
      prompt,
      schema,
      maxRetries: 0,
    });
    const parts: unknown[] = [];
    for await (const part of partialObjectStream) parts.push(part);
    expect(parts.at(-1)).toEqual({ result: 391 });
    expect(house().upstream.calls()).toHaveLength(paid);
  });

  it.each(answering)("a tool is called, run, and gone on with ($who)", async ({ model, paid }) => {
    const call = { kind: "tool_calls", name: "get_weather", arguments: '{"city":"Paris"}' } as const;
    house().upstream.script([fails("*", call, { from: 1, to: paid })]);
    const { text, steps } = await generateText({
      model: synod(true)(model),
      prompt: "How warm is it in Paris?",
      maxRetries: 0,
      stopWhen: stepCountIs(2),
      tools: {
        get_weather: tool({
          inputSchema: z.object({ city: z.string() }),
          execute: ({ city }) => `${city}: 21 degrees`,
        }),
      },
    });
    expect(steps.map(({ finishReason }) => finishReason)).toEqual(["tool-calls", "stop"]);
    expect(text).toContain("Paris: 21 degrees");
    expect(house().upstream.calls()).toHaveLength(2 * paid);
  });
});
