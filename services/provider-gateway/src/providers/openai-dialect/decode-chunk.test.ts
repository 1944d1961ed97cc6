import { FinishReason } from "@synod/contracts/model";
import { describe, expect, it } from "vitest";
import type { CompletionEvent } from "../codec.js";
import { codecs } from "../registry.js";
import { mostExtraLength } from "./extra-fields.js";

const { openrouter, groq, openai } = codecs;
const head = { id: "gen-1", model: "acme/one", object: "chat.completion.chunk", created: 1 };
const usage = { prompt_tokens: 10, completion_tokens: 3, total_tokens: 13 };
const reported = {
  tokens: { input: 10, output: 3, cachedInput: 0, reasoning: 0 },
  costUsdNanos: null,
  doubtful: false,
};
const chunk = (choice: object, more: object = {}): object => ({
  ...head,
  choices: [{ index: 0, finish_reason: null, ...choice }],
  ...more,
});
const delta = (fields: object): object => chunk({ delta: fields });
const ofType = <T extends CompletionEvent["type"]>(events: readonly CompletionEvent[], type: T) =>
  events.filter((event): event is Extract<CompletionEvent, { type: T }> => event.type === type);

describe("what was said", () => {
  it.each<[string, object, readonly CompletionEvent[]]>([
    ["text", delta({ content: "Hi" }), [{ type: "text", text: "Hi" }]],
    [
      "a list of parts",
      delta({ content: [{ type: "text", text: "H" }, { text: "i" }, 7] }),
      [{ type: "text", text: "Hi" }],
    ],
    ["a message", chunk({ message: { role: "assistant", content: "Hi" } }), [{ type: "text", text: "Hi" }]],
    ["a text completion", chunk({ text: "Hi" }), [{ type: "text", text: "Hi" }]],
    ["reasoning", delta({ reasoning: "hm" }), [{ type: "reasoning", text: "hm" }]],
    ["reasoning of others", delta({ reasoning_content: "hm" }), [{ type: "reasoning", text: "hm" }]],
    ["a refusal", delta({ content: null, refusal: "No." }), [{ type: "refusal", text: "No." }]],
    [
      "tool calls",
      delta({
        tool_calls: [
          { index: 1, id: "c", function: { name: "f", arguments: "{" } },
          { function: { arguments: { a: 1 } } },
          null,
        ],
      }),
      [
        {
          type: "tool_calls",
          calls: [
            { index: 1, id: "c", name: "f", arguments: "{" },
            { index: 1, id: "", name: "", arguments: '{"a":1}' },
          ],
        },
      ],
    ],
    ["nothing (F18)", delta({ role: "assistant", content: "" }), []],
    ["null (F18)", delta({ content: null }), []],
    ["no choices (F18)", { ...head, choices: [] }, []],
    ["choices that are none", { ...head, choices: "x" }, []],
    ["no object", [1], []],
  ])("%s", (_what, json, events) => {
    expect(openai.decodeChunk(json)).toEqual(events);
  });

  it("by the first choice alone, whatever index others claim (F24)", () => {
    const said = (index: unknown, content: string): object => ({ index, delta: { content } });
    const twice = { ...head, choices: [said(1, "b"), said(0, "a"), said(0, "c")] };
    expect(openai.decodeChunk(twice)).toEqual([{ type: "text", text: "a" }]);
  });
});

describe("other fields of a message", () => {
  const details = [{ type: "reasoning.text", text: "hm", index: 0 }];
  const fieldsOf = (said: object): unknown => ofType(openrouter.decodeChunk(delta(said)), "extra")[0]?.fields;

  it("are handed on as they came, the empty ones and those that were read left out", () => {
    const annotations = [{ type: "url_citation", url_citation: { url: "https://example.com" } }];
    const images = [{ type: "image_url", image_url: { url: "data:image/png;base64,AA==" } }];
    const read = { role: "assistant", content: "x", reasoning: "hm", refusal: null, tool_calls: [] };
    expect(
      fieldsOf({ ...read, reasoning_details: details, annotations, images, novel: 1, none: [] }),
    ).toEqual({
      reasoning_details: details,
      annotations,
      images,
      novel: 1,
    });
    expect(fieldsOf(read)).toBeUndefined();
  });

  it("are dropped where there is no room for them", () => {
    const large = "x".repeat(mostExtraLength - 10);
    expect(fieldsOf({ images: [large], reasoning_details: details })).toEqual({ images: [large] });
    expect(fieldsOf({ images: [`${large}${large}`] })).toBeUndefined();
  });
});

describe("the end", () => {
  it.each<[string, FinishReason]>([
    ["stop", FinishReason.STOP],
    ["length", FinishReason.LENGTH],
    ["tool_calls", FinishReason.TOOL_CALLS],
    ["content_filter", FinishReason.CONTENT_FILTER],
    ["STOP", FinishReason.STOP],
    ["novel", FinishReason.UNSPECIFIED],
  ])("%s", (word, reason) => {
    const events = openai.decodeChunk(chunk({ delta: {}, finish_reason: word }));
    expect(ofType(events, "finished")).toEqual([{ type: "finished", reason, raw: word }]);
  });

  it("keeps the model's own word where OpenRouter tells it", () => {
    const ended = chunk({ delta: {}, finish_reason: "stop", native_finish_reason: "end_turn" });
    expect(ofType(openrouter.decodeChunk(ended), "finished")).toEqual([
      { type: "finished", reason: FinishReason.STOP, raw: "end_turn" },
    ]);
  });

  it("is none while its word is empty", () => {
    expect(
      openrouter.decodeChunk(chunk({ delta: {}, finish_reason: "", native_finish_reason: "x" })),
    ).toEqual([]);
  });

  it("says who answered, and what else there is to know", () => {
    const metadata = { strategy: "direct" };
    const more = { provider: "OpenAI", service_tier: "flex", system_fingerprint: "fp", user_id: "user_x" };
    const ended = chunk({ delta: {}, finish_reason: "stop" }, { ...more, usage_breakdown: null });
    const served = { type: "served", completionId: "gen-1", model: "acme/one", fingerprint: "fp" };
    expect(ofType(openrouter.decodeChunk(ended), "served")).toEqual([
      { ...served, extra: { provider: "OpenAI", service_tier: "flex" } },
    ]);
    expect(openrouter.decodeChunk({ ...head, choices: [], openrouter_metadata: metadata })).toEqual([
      { ...served, fingerprint: "", extra: { openrouter_metadata: metadata } },
    ]);
    const debug = { echo_upstream_body: { model: "gpt" } };
    expect(openrouter.decodeChunk({ ...head, choices: [], debug })).toEqual([
      { ...served, fingerprint: "", extra: { debug } },
    ]);
    const own = { id: "req_1", seed: 7 };
    expect(ofType(groq.decodeChunk({ ...delta({ content: "" }), x_groq: own }), "served")).toEqual([
      { ...served, fingerprint: "", extra: { x_groq: own } },
    ]);
    expect(ofType(groq.decodeChunk({ ...delta({ content: "4" }), x_groq: null }), "served")).toEqual([]);
  });
});

describe("usage", () => {
  const usageOf = (events: readonly CompletionEvent[]): unknown =>
    ofType(events, "usage").map((event) => event.usage);

  it("comes with the finish reason, or in a chunk of its own", () => {
    expect(usageOf(openrouter.decodeChunk(chunk({ delta: {}, finish_reason: "stop" }, { usage })))).toEqual([
      reported,
    ]);
    expect(usageOf(openrouter.decodeChunk({ ...head, choices: [], usage }))).toEqual([reported]);
  });

  it("of Groq stands in x_groq as well, or only there", () => {
    const ended = { delta: {}, finish_reason: "stop" };
    expect(usageOf(groq.decodeChunk(chunk(ended, { usage, x_groq: { usage } })))).toEqual([reported]);
    expect(usageOf(groq.decodeChunk(chunk(ended, { x_groq: { usage } })))).toEqual([reported]);
    const cached = { usage: { dram_cached_tokens: 0, sram_cached_tokens: 0 } };
    expect(usageOf(groq.decodeChunk(chunk(ended, { usage, x_groq: cached })))).toEqual([reported]);
    expect(usageOf(groq.decodeChunk(chunk(ended, { x_groq: cached })))).toEqual([]);
  });
});

describe("an error inside an answer", () => {
  const errorOf = (events: readonly CompletionEvent[]): unknown => {
    const failure = events.at(-1);
    expect(ofType(events, "finished")).toEqual([]);
    return failure?.type === "failed" ? failure.error : undefined;
  };
  const failing = { delta: { content: "" }, finish_reason: "error" };

  it.each<[string, object, object]>([
    [
      "200 with an error (F6)",
      { error: { code: 401, message: "no" }, user_id: "u" },
      { httpStatus: 401, reason: "provider_auth", blames: "key" },
    ],
    [
      "200 with the error of a provider (F6)",
      { error: { code: 429, message: "slow" } },
      { httpStatus: 429, blames: "model_limit", repeats: 2 },
    ],
    [
      "a bare chunk (F7)",
      { error: { message: "x", code: 503 } },
      { httpStatus: 503, reason: "upstream_error", repeats: 2 },
    ],
    ["OpenRouter's chunk (F7)", chunk(failing, { error: { code: 429, message: "x" } }), { httpStatus: 429 }],
    [
      "with a word for a code (F7)",
      chunk(failing, { error: { code: "server_error", message: "x" } }),
      { httpStatus: 500 },
    ],
    [
      "beside no choices (F7)",
      { ...head, choices: [], error: { code: "timeout", message: "x" } },
      { httpStatus: 504, repeats: 0 },
    ],
    ["as a text (F7)", { error: "boom" }, { httpStatus: 502, message: "boom" }],
    [
      "in a choice (F7)",
      chunk({ message: { content: "half" }, error: { code: 502, message: "x" } }),
      { httpStatus: 502 },
    ],
    [
      "without any word (F7)",
      chunk(failing),
      { httpStatus: 502, message: "the provider broke its answer off" },
    ],
    [
      "of moderation",
      { error: { code: 403, message: "x", metadata: { reasons: ["violence"] } } },
      { reason: "refused", failOver: "none" },
    ],
  ])("%s", (_what, json, expected) => {
    expect(errorOf(openrouter.decodeChunk(json))).toMatchObject(expected);
    expect(errorOf(openai.decodeChunk(json))).toMatchObject(expected);
  });

  it("leaves what stands beside it, which is paid for (F6)", () => {
    const usage = { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 };
    const half = { message: { content: "half" }, finish_reason: "error", error: { code: 502, message: "x" } };
    const events = openrouter.decodeChunk(chunk(half, { usage }));
    expect(events.map(({ type }) => type)).toEqual(["text", "usage", "failed"]);
  });

  it("of Groq stands in x_groq, or is what the model wrote (F7)", () => {
    const stopped = chunk({ delta: {} }, { x_groq: { id: "req_1", error: "over capacity" } });
    expect(errorOf(groq.decodeChunk(stopped))).toMatchObject({ message: "over capacity", httpStatus: 502 });
    const failed = { error: { message: "x", code: "tool_use_failed", failed_generation: "<f>" } };
    expect(errorOf(groq.decodeChunk(failed))).toMatchObject({ generated: true, repeats: 1 });
  });
});
