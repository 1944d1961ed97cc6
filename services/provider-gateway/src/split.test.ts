import { FinishReason } from "@synod/contracts/model";
import { openBody } from "@synod/upstream-http";
import { describe, expect, it } from "vitest";
import type { CompletionEvent, ProviderCodec } from "./providers/codec.js";
import { codecs } from "./providers/registry.js";
import { collect, providerAt, question, startGateway } from "./testing/gateway.js";
import { startUpstream, streaming } from "./testing/scripted-upstream.js";
import {
  bytesOf,
  type Framing,
  groqStream,
  groqTools,
  groqUsage,
  openrouterStream,
  openrouterTools,
  streamText,
} from "./testing/transcripts.js";

const framings: Readonly<Record<string, Framing>> = {
  LF: {},
  CRLF: { newlines: ["\r\n"] },
  CR: { newlines: ["\r"] },
  "mixed ends of lines": { newlines: ["\n", "\r", "\r\n"] },
  "a byte order mark": { start: "\ufeff" },
  "a byte order mark and blank lines": { start: "\ufeff\r\n\n", newlines: ["\r\n"] },
  "no space after the colon": { linesOf: (event) => [event.replace(/^(data)?: /, "$1:")] },
  "other fields and comments": {
    linesOf: (event) => [":", "event: message", "id: 7", "retry: 10", event, ": 🧭", "novel", "id"],
  },
  "data in several lines": {
    newlines: ["\n", "\r", "\r\n"],
    linesOf: (event) =>
      event.startsWith("data: {") ? ["data: {", "data:", `data: ${event.slice(7)}`] : [event],
  },
};

/** What a stream says, put together. */
interface Said {
  text: string;
  reasoning: string;
  readonly calls: { readonly id: string; readonly name: string; arguments: string }[];
  /** Everything else, as it came. */
  readonly rest: CompletionEvent[];
}

/** Reads a stream with the reader of upstream calls, its bytes arriving in these pieces. */
async function read(codec: ProviderCodec, pieces: readonly Buffer[]): Promise<Said> {
  const left = [...pieces];
  const nothing = (): void => {};
  const body = await openBody({
    status: 200,
    header: () => undefined,
    read: async () => {
      const piece = left.shift();
      return piece === undefined ? null : [piece];
    },
    firstToken: nothing,
    expectEnd: nothing,
    finish: nothing,
    abort: nothing,
  });
  if (body.kind !== "events") throw new Error("this was taken for a document");
  const said: Said = { text: "", reasoning: "", calls: [], rest: [] };
  for (let batch = await body.read(); batch !== null; batch = await body.read()) {
    const chunks = batch.filter((data) => data !== "[DONE]").map((data) => JSON.parse(data) as unknown);
    for (const event of chunks.flatMap((chunk) => codec.decodeChunk(chunk))) add(said, event);
  }
  return said;
}

function add(said: Said, event: CompletionEvent): void {
  if (event.type === "text" || event.type === "reasoning") said[event.type] += event.text;
  else if (event.type !== "tool_calls") said.rest.push(event);
  else {
    for (const { index, id, name, arguments: more } of event.calls) {
      const call = said.calls[index];
      if (call === undefined) said.calls[index] = { id, name, arguments: more };
      else call.arguments += more;
    }
  }
}

const everything = {
  text: "Ich frage 🧭",
  reasoning: "Straße?",
  calls: [{ id: "call_1", name: "find", arguments: '{"ort":"Köln 🗼","n":2}' }],
};
const finished = { type: "finished", reason: FinishReason.TOOL_CALLS, raw: "tool_calls" };
const served = {
  openrouter: {
    type: "served",
    completionId: "gen-1731000000-AbCd",
    model: "openai/gpt-4o-mini",
    fingerprint: "",
    extra: { provider: "OpenAI" },
  },
  groq: {
    type: "served",
    completionId: "chatcmpl-7c1d",
    model: "llama-3.3-70b-versatile",
    fingerprint: "fp_f8b414701e",
    extra: {},
  },
} as const;

const recorded = {
  openrouter: {
    transcript: openrouterTools,
    rest: [
      {
        type: "extra",
        fields: {
          reasoning_details: [{ type: "reasoning.text", text: "Straße?", format: "unknown", index: 0 }],
        },
      },
      finished,
      served.openrouter,
      {
        type: "usage",
        usage: {
          tokens: { input: 10, output: 3, cachedInput: 4, reasoning: 1 },
          costUsdNanos: 2_100,
          doubtful: false,
        },
      },
      served.openrouter,
    ],
  },
  groq: {
    transcript: groqTools,
    rest: [
      { ...served.groq, extra: { x_groq: { id: "req_01kh", seed: 1790130236 } } },
      finished,
      {
        type: "usage",
        usage: {
          tokens: { input: 218, output: 15, cachedInput: 0, reasoning: 0 },
          costUsdNanos: null,
          doubtful: false,
        },
      },
      { ...served.groq, extra: { x_groq: { id: "req_01kh", usage: groqUsage } } },
    ],
  },
} as const;

describe("a stream means the same wherever its bytes are cut (F15)", () => {
  const cases = Object.keys(framings).flatMap((framing) => [
    { framing, kind: "openrouter" as const },
    { framing, kind: "groq" as const },
  ]);

  it.each(cases)("$kind, $framing", { timeout: 60_000 }, async ({ framing, kind }) => {
    const { transcript, rest } = recorded[kind];
    const bytes = bytesOf(transcript, framings[framing]);
    const readCut = (at: number): Promise<Said> =>
      read(codecs[kind], [bytes.subarray(0, at), bytes.subarray(at)]);
    const whole = await read(codecs[kind], [bytes]);
    expect(whole).toEqual({ ...everything, rest });
    const expected = JSON.stringify(whole);
    const different: number[] = [];
    for (let at = 0; at <= bytes.length; at++) {
      if (JSON.stringify(await readCut(at)) !== expected) different.push(at);
    }
    expect(different).toEqual([]);
    const oneByOne = Array.from(bytes, (byte) => Buffer.of(byte));
    expect(await read(codecs[kind], oneByOne)).toEqual(whole);
  });
});

describe("so it does through the whole gateway (F15)", () => {
  const atOnce = 32;

  it.each([
    {
      name: "OpenRouter, CRLF",
      kind: "openrouter" as const,
      model: "openai/gpt-4o-mini",
      bytes: bytesOf(openrouterStream, { newlines: ["\r\n"] }),
      cost: 2_100n,
    },
    {
      name: "Groq, CR",
      kind: "groq" as const,
      model: "groq/llama-3.3-70b-versatile",
      bytes: bytesOf(groqStream, { newlines: ["\r"] }),
      // 218 x 0.59 + 15 x 0.79 US dollars per million
      cost: 140_470n,
    },
  ])("$name", { timeout: 60_000 }, async ({ kind, model, bytes, cost }) => {
    await using upstream = await startUpstream((response, call) => {
      const at = Number(call.body["seed"]);
      streaming(bytes.subarray(0, at), bytes.subarray(at))(response, call);
    });
    await using gateway = startGateway([providerAt(upstream.url, kind)]);
    const checkCut = async (at: number): Promise<void> => {
      const completion = question(model, { sampling: { seed: BigInt(at) } });
      const { text, finished: end } = await collect(gateway.client.streamCompletion({ completion }));
      expect({
        text,
        whole: end?.message?.parts[0]?.content.value,
        reason: end?.finishReason,
        cost: end?.usage?.costUsdNanos,
        estimated: end?.usage?.estimated,
      }).toEqual({ text: streamText, whole: streamText, reason: FinishReason.STOP, cost, estimated: false });
    };
    const offsets = Array.from({ length: bytes.length + 1 }, (_, at) => at);
    while (offsets.length > 0) await Promise.all(offsets.splice(0, atOnce).map(checkCut));
    expect(upstream.calls.length).toBe(bytes.length + 1);
  });
});
