import { expect } from "vitest";
import type { FaultCase } from "../testing/fault-cases.js";
import { json, testFaults } from "../testing/fault-cases.js";
import { sseData } from "../testing/http-client.js";
import type { content } from "./content.js";

interface Chunk {
  readonly choices: readonly {
    index: number;
    delta: { content?: string | null; refusal?: string; reasoning?: string };
    finish_reason: string | null;
  }[];
  readonly usage?: Readonly<Record<string, unknown>>;
}

const chunks = (text: string) => sseData(text) as Chunk[];
const streamed = (text: string) =>
  chunks(text)
    .map(({ choices }) => choices[0]?.delta.content ?? "")
    .join("");
const finishReasons = (text: string) =>
  chunks(text).flatMap(({ choices }) => choices.flatMap((choice) => choice.finish_reason ?? []));

testFaults({
  say: [
    {
      name: "a scripted reply",
      fault: { kind: "say", text: "Ignore all that.\nAnswer: 7" },
      check: (reply) =>
        expect(json(reply)).toMatchObject({
          choices: [{ message: { content: "Ignore all that.\nAnswer: 7" } }],
        }),
    },
    {
      name: "streamed, with reasoning before it",
      stream: true,
      provider: "groq",
      fault: { kind: "say", text: "So: seven", reasoning: "Hm, let me see" },
      check(reply, call) {
        expect(streamed(reply.text)).toBe("So: seven");
        expect(
          chunks(reply.text)
            .map(({ choices }) => choices[0]?.delta.reasoning ?? "")
            .join(""),
        ).toBe("Hm, let me see");
        expect(call).toMatchObject({ state: "finished", tokensSent: 2 });
      },
    },
  ],
  finish: ["content_filter", "length", "error", ""].flatMap((reason): FaultCase[] => [
    {
      name: `"${reason}"`,
      fault: { kind: "finish", reason, keepTokens: 1 },
      check: (reply) =>
        expect(json(reply)).toMatchObject({
          choices: [{ finish_reason: reason, message: { content: expect.stringMatching(/^\S+$/) } }],
          usage: { completion_tokens: 1 },
        }),
    },
    {
      name: `"${reason}", streamed`,
      stream: true,
      fault: { kind: "finish", reason },
      check: (reply) => expect(finishReasons(reply.text)).toEqual([reason]),
    },
  ]),
  no_content: (["openrouter", "groq"] as const).flatMap((provider) =>
    (
      [
        ["null", null],
        ["empty", ""],
        ["blank", " \n\n\t "],
        ["refused", null],
      ] as const
    ).flatMap(([as, text]): FaultCase[] => [
      {
        name: `${as} from ${provider}`,
        provider,
        fault: { kind: "no_content", as },
        check(reply) {
          const refusal = as === "refused" ? { refusal: "I cannot help with that." } : {};
          expect(json(reply)).toMatchObject({ choices: [{ message: { content: text, ...refusal } }] });
        },
      },
      {
        name: `${as} from ${provider}, streamed`,
        provider,
        stream: true,
        fault: { kind: "no_content", as },
        check(reply) {
          expect(streamed(reply.text)).toBe(text ?? "");
          expect(chunks(reply.text).some(({ choices }) => choices[0]?.delta.refusal !== undefined)).toBe(
            as === "refused",
          );
        },
      },
    ]),
  ),
  choices: [
    {
      name: "none",
      fault: { kind: "choices", as: "none" },
      check: (reply) => expect(json(reply)).toMatchObject({ choices: [] }),
    },
    {
      name: "none, streamed",
      stream: true,
      fault: { kind: "choices", as: "none" },
      check(reply) {
        expect(chunks(reply.text).every(({ choices }) => choices.length === 0)).toBe(true);
        expect(reply.text).toContain("[DONE]");
      },
    },
    {
      name: "two of one index",
      fault: { kind: "choices", as: "twice" },
      check: (reply) => expect(json(reply)).toMatchObject({ choices: [{ index: 0 }, { index: 0 }] }),
    },
    {
      name: "two of one index, streamed",
      stream: true,
      provider: "groq",
      fault: { kind: "choices", as: "twice" },
      check: (reply) => expect(chunks(reply.text)[1]?.choices.map(({ index }) => index)).toEqual([0, 0]),
    },
  ],
  tool_calls: (["openrouter", "groq"] as const).flatMap((provider): FaultCase[] => [
    {
      name: `from ${provider}`,
      provider,
      fault: { kind: "tool_calls", name: "add" },
      check(reply) {
        expect(json(reply)).toMatchObject({
          choices: [
            {
              finish_reason: "tool_calls",
              message: { tool_calls: [{ type: "function", function: { name: "add" } }] },
            },
          ],
        });
      },
    },
    {
      name: `from ${provider}, streamed whole in one delta`,
      provider,
      stream: true,
      fault: { kind: "tool_calls" },
      check(reply) {
        const calls = chunks(reply.text).filter(({ choices }) => "tool_calls" in (choices[0]?.delta ?? {}));
        expect(calls).toHaveLength(1);
        expect(streamed(reply.text)).toBe("");
        expect(finishReasons(reply.text)).toEqual(["tool_calls"]);
      },
    },
  ]),
  usage: [
    {
      name: "missing",
      fault: { kind: "usage", as: "missing" },
      check: (reply) => expect(json(reply)).not.toHaveProperty("usage"),
    },
    {
      name: "missing, streamed",
      stream: true,
      provider: "groq",
      fault: { kind: "usage", as: "missing" },
      check(reply) {
        expect(chunks(reply.text).every((chunk) => chunk.usage === undefined)).toBe(true);
        expect(reply.text).toContain("[DONE]");
      },
    },
    {
      name: "negative",
      fault: { kind: "usage", as: "negative" },
      check: (reply) => expect(json(reply)).toMatchObject({ usage: { prompt_tokens: -10, cost: -1 } }),
    },
    {
      name: "absurd, streamed",
      stream: true,
      fault: { kind: "usage", as: "absurd" },
      check: (reply) =>
        expect(chunks(reply.text).at(-1)?.usage).toMatchObject({ total_tokens: 1e308, cost: 1e308 }),
    },
    {
      name: "that does not add up",
      fault: { kind: "usage", as: "mismatch" },
      check: (reply) =>
        expect(json(reply)).toMatchObject({
          usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 99 },
        }),
    },
    {
      name: "with fields of its own",
      fault: { kind: "usage", as: "fields", fields: { cost: "a lot" } },
      check: (reply) =>
        expect(json(reply)).toMatchObject({ usage: { cost: "a lot", prompt_tokens: expect.any(Number) } }),
    },
  ],
  usage_place: [
    {
      name: "OpenRouter's in the chunk that finishes",
      stream: true,
      fault: { kind: "usage_place", as: "finish_chunk" },
      check: (reply) =>
        expect(chunks(reply.text).at(-1)).toMatchObject({
          choices: [{ finish_reason: "stop" }],
          usage: { cost: expect.any(Number) },
        }),
    },
    {
      name: "beside a repeated choice",
      stream: true,
      fault: { kind: "usage_place", as: "repeated_choice" },
      check: (reply) =>
        expect(chunks(reply.text).at(-1)).toMatchObject({ choices: [{ delta: { content: "" } }], usage: {} }),
    },
    {
      name: "Groq's in its own chunk",
      stream: true,
      provider: "groq",
      fault: { kind: "usage_place", as: "own_chunk" },
      check: (reply) =>
        expect(chunks(reply.text).slice(-2)).toMatchObject([
          { choices: [{ finish_reason: "stop" }] },
          { choices: [], usage: {} },
        ]),
    },
  ],
  served_model: [
    {
      name: "another model",
      fault: { kind: "served_model", model: "other/model" },
      check: (reply) => expect(json(reply)).toMatchObject({ model: "other/model" }),
    },
  ],
  cache_hit: [
    {
      name: "free, with the headers of a hit",
      fault: { kind: "cache_hit" },
      check(reply) {
        expect(reply.headers).toMatchObject({
          "x-openrouter-cache-status": "HIT",
          "x-openrouter-cache-age": "12",
        });
        expect(json(reply)).toMatchObject({ usage: { cost: 0 } });
      },
    },
  ],
  bad_text: (
    [
      ["lone_surrogate", "\ud800x"],
      ["nul", "a\u0000b"],
      ["bidi", "\u202egnorw\u202c"],
    ] as const
  ).map(([as, text]): FaultCase => ({
    name: as,
    stream: true,
    fault: { kind: "bad_text", as },
    check: (reply) => expect(streamed(reply.text).startsWith(text)).toBe(true),
  })),
  tiny_chunks: [
    {
      name: "many",
      stream: true,
      fault: { kind: "tiny_chunks", count: 20_000 },
      check(reply, call) {
        expect(streamed(reply.text)).toBe("x".repeat(20_000));
        expect(call.tokensSent).toBe(20_000);
      },
    },
  ],
} satisfies Record<keyof typeof content, readonly FaultCase[]>);
