import { HumanMessage, type ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { ChatOpenAI } from "@langchain/openai";
import OpenAI from "openai";
import { expect, it } from "vitest";
import { z } from "zod";

import { fails } from "../src/harness/upstream.js";

import type { Client, ClientKind, ConnectOptions, Failed } from "./conformance/client.js";
import { answering, speaksToSynod } from "./conformance/suite.js";

function connect({ url, apiKey, retries }: ConnectOptions): Client {
  const chat = (model: string, temperature: number | undefined): ChatOpenAI =>
    new ChatOpenAI({
      model,
      apiKey,
      maxRetries: retries,
      configuration: { baseURL: `${url}/v1` },
      __includeRawResponse: true,
      ...(temperature !== undefined && { temperature }),
    });
  return {
    async ask({ model, text, temperature, signal }) {
      const message = await chat(model, temperature).invoke(text, { signal });
      return {
        text: message.text,
        finishReason: String(message.response_metadata["finish_reason"]),
        totalTokens: message.usage_metadata?.total_tokens,
        consensus: (message.additional_kwargs["__raw_response"] as { consensus?: unknown }).consensus,
      };
    },
    async *stream({ model, text, temperature, signal }) {
      for await (const chunk of await chat(model, temperature).stream(text, { signal })) yield chunk.text;
    },
  };
}

function failed(error: unknown): Failed {
  if (error instanceof OpenAI.APIError) return { status: error.status, message: error.message };
  if (!(error instanceof Error)) throw error;
  return { status: undefined, message: error.message };
}

const kind: ClientKind = {
  name: "@langchain/openai",
  obeysShouldRetry: false,
  showsConsensus: true,
  listsModels: false,
  connect,
  failed,
};

const question = "What is 17 * 23?";
const sum = z.object({ result: z.int() });

speaksToSynod(kind, (house) => {
  const chat = (model: string): ChatOpenAI =>
    new ChatOpenAI({
      model,
      apiKey: house().apiKey,
      maxRetries: 0,
      configuration: { baseURL: `${house().url}/v1` },
    });

  it.each(answering)("withStructuredOutput() ($who)", async ({ model, paid }) => {
    expect(await chat(model).withStructuredOutput(sum).invoke(question)).toEqual({ result: 391 });
    expect(house().upstream.calls()).toHaveLength(paid);
  });

  it.each(answering)("withStructuredOutput() by calling a tool ($who)", async ({ model, paid }) => {
    const caller = chat(model).withStructuredOutput(sum, { name: "submit", method: "functionCalling" });
    expect(await caller.invoke(question)).toEqual({ result: 391 });
    expect(house().upstream.calls()).toHaveLength(paid);
  });

  it.each(answering)(
    "bindTools(): a tool is called, run, and gone on with ($who)",
    async ({ model, paid }) => {
      const call = { kind: "tool_calls", name: "get_weather", arguments: '{"city":"Paris"}' } as const;
      house().upstream.script([fails("*", call, { from: 1, to: paid })]);
      const weather = tool(({ city }) => `${city}: 21 degrees`, {
        name: "get_weather",
        description: "Tells how warm it is.",
        schema: z.object({ city: z.string() }),
      });
      const caller = chat(model).bindTools([weather]);
      const asked = new HumanMessage("How warm is it in Paris?");
      const calling = await caller.invoke([asked]);
      const results = await Promise.all((calling.tool_calls ?? []).map((called) => weather.invoke(called)));
      expect(results.map((result: ToolMessage) => result.content)).toEqual(["Paris: 21 degrees"]);
      expect((await caller.invoke([asked, calling, ...results])).text).toContain("Paris: 21 degrees");
      expect(house().upstream.calls()).toHaveLength(2 * paid);
    },
  );
});
