import type { Fault, FaultRule } from "@synod/simulator";
import { expect, it } from "vitest";

import { type CompletionJson, post, question, textOf } from "../harness/api.js";
import { says } from "../harness/upstream.js";
import { answerText, type FaultCase, type Told } from "./fault-case.js";
import type { FaultGroup } from "./fault-house.js";

const answered: Told = { status: 200 };
const failed: Told = { status: 502, code: "upstream_error", again: true };
/** Something was written, so it is paid for: nobody is told to ask again. */
const broken: Told = { status: 502, code: "upstream_error", again: false };
const unreadable: Told = { status: 502, code: "invalid_upstream_response", again: false };
/** A stream that had begun ends with an error. */
const brokenStream: Told = { status: 200, code: 502, text: "17 times", finishReason: "error" };

const errors: readonly FaultCase[] = [
  {
    fault: "F6",
    name: "200 with an error in place of an answer is that error",
    play: { kind: "error_in_ok" },
    told: failed,
    paid: 3,
    streamed: failed,
    fallback: [3, 1],
  },
  {
    fault: "F6",
    name: "200 with a 429 in its body is a limit",
    play: { kind: "error_in_ok", code: 429 },
    told: { status: 429, code: "rate_limit_exceeded", again: true },
    paid: 3,
  },
  {
    fault: "F6",
    name: "200 with an error beside a part of the text is no answer",
    play: { kind: "error_in_ok", place: "choice" },
    told: broken,
    paid: 1,
  },
  ...(["choice", "no_choices", "bare"] as const).map((shape): FaultCase => ({
    fault: "F7",
    name: `an error before the first token (${shape})`,
    play: { kind: "stream_error", afterTokens: 0, shape, code: shape === "choice" ? "server_error" : 502 },
    told: failed,
    paid: 3,
    streamed: failed,
    fallback: [3, 1],
  })),
  ...(["choice", "no_choices", "bare"] as const).map((shape): FaultCase => ({
    fault: "F7",
    name: `an error after two tokens (${shape})`,
    play: { kind: "stream_error", shape, code: shape === "choice" ? "server_error" : 502 },
    told: broken,
    paid: 1,
    streamed: brokenStream,
    fallback: [1, 0],
  })),
  {
    fault: "F7",
    name: "an error after two tokens with an empty finish reason",
    play: { kind: "stream_error", finishReason: "", done: true },
    told: broken,
    paid: 1,
    streamed: brokenStream,
  },
  {
    fault: "F7",
    name: "Groq's own error after two tokens",
    wire: "groq",
    play: { kind: "stream_error", shape: "x_groq" },
    told: broken,
    paid: 1,
    streamed: brokenStream,
  },
  {
    fault: "F8",
    name: "a reset before the headers",
    play: { kind: "reset", when: "before_headers" },
    told: failed,
    paid: 3,
    fallback: [3, 1],
  },
  {
    fault: "F8",
    name: "a reset after two tokens",
    play: { kind: "reset" },
    told: broken,
    paid: 1,
    streamed: brokenStream,
    fallback: [1, 0],
  },
  ...(["end_early", "fin"] as const).map((kind): FaultCase => ({
    fault: "F9",
    name: `a stream that ends after two tokens is no answer (${kind})`,
    play: { kind },
    told: kind === "fin" ? broken : unreadable,
    paid: 1,
    streamed: brokenStream,
    fallback: [1, 0],
  })),
  ...(["openrouter", "groq"] as const).map((wire): FaultCase => ({
    fault: "F9",
    name: `a finish reason without [DONE] is an answer (${wire})`,
    wire,
    play: { kind: "no_done" },
    told: answered,
    paid: 1,
    streamed: answered,
  })),
];

const bytes: readonly FaultCase[] = [
  {
    fault: "F13",
    name: "an event that is no JSON, before the first token: repeated once",
    play: { kind: "invalid_json" },
    told: unreadable,
    paid: 2,
    fallback: [2, 1],
  },
  {
    fault: "F13",
    name: "an event that is no JSON, after two tokens",
    play: { kind: "invalid_json", afterTokens: 2 },
    told: unreadable,
    paid: 1,
    streamed: brokenStream,
  },
  {
    fault: "F13",
    name: "200 with HTML",
    play: { kind: "html", status: 200 },
    told: unreadable,
    paid: 2,
  },
  {
    fault: "F14",
    name: "bytes that are no UTF-8 become U+FFFD",
    play: { kind: "invalid_utf8" },
    told: { status: 200, text: `\ufffd\ufffd\ufffd\ufffd${answerText}` },
    paid: 1,
    streamed: { status: 200, text: `\ufffd\ufffd\ufffd\ufffd${answerText}` },
  },
  ...(
    [
      ["lone_surrogate", "\ufffdx"],
      ["nul", "a\u0000b"],
      ["bidi", "\u202egnorw\u202c"],
    ] as const
  ).map(([as, text]): FaultCase => ({
    fault: "F14",
    name: `characters that are seldom meant: ${as}`,
    play: { kind: "bad_text", as },
    told: { status: 200, text: text + answerText },
    paid: 1,
    streamed: { status: 200, text: text + answerText },
  })),
  ...(
    [
      { newline: "crlf" },
      { newline: "cr" },
      { newline: "mixed", fields: true },
      { bom: true, newline: "crlf" },
      { space: false, multiline: true },
      { fields: true, multiline: true, bom: true, pieceBytes: 1 },
      { newline: "crlf", pieceBytes: 1 },
      { pieceBytes: 7 },
    ] as const
  ).map((form): FaultCase => ({
    fault: "F15",
    name: `the same text in any form: ${JSON.stringify(form)}`,
    play: { kind: "framing", ...form },
    told: answered,
    paid: 1,
    streamed: answered,
  })),
  {
    fault: "F15",
    name: "the same text in Groq's form, byte by byte",
    wire: "groq",
    play: { kind: "framing", newline: "crlf", pieceBytes: 1 },
    told: answered,
    paid: 1,
  },
];

const empty: Told = { status: 502, code: "empty_answer", again: false };

const contents: readonly FaultCase[] = [
  ...(["null", "empty", "blank"] as const).map((as): FaultCase => ({
    fault: "F18",
    name: `no text is no answer (${as})`,
    play: { kind: "no_content", as },
    told: empty,
    paid: 1,
  })),
  {
    fault: "F18",
    name: "no choices are no answer",
    play: { kind: "choices", as: "none" },
    told: unreadable,
    paid: 1,
  },
  {
    fault: "F18",
    name: "null beside a refusal is a refusal",
    play: { kind: "no_content", as: "refused" },
    told: { status: 200, text: "", finishReason: "content_filter" },
    paid: 1,
    streamed: { status: 200, text: "", finishReason: "content_filter" },
  },
  {
    fault: "F19",
    name: "content_filter is passed on",
    play: { kind: "finish", reason: "content_filter", keepTokens: 0 },
    told: { status: 200, text: "", finishReason: "content_filter" },
    paid: 1,
    streamed: { status: 200, text: "", finishReason: "content_filter" },
  },
  {
    fault: "F19",
    name: "length is passed on, with what was written",
    play: { kind: "finish", reason: "length", keepTokens: 2 },
    told: { status: 200, text: "17 times", finishReason: "length" },
    paid: 1,
    streamed: { status: 200, text: "17 times", finishReason: "length" },
  },
  ...(["openrouter", "groq"] as const).map((wire): FaultCase => ({
    fault: "F20",
    name: `a call of a tool is passed on, not run (${wire})`,
    wire,
    play: { kind: "tool_calls" },
    body: { tools: [{ type: "function", function: { name: "lookup", parameters: { type: "object" } } }] },
    told: { status: 200, text: "", finishReason: "tool_calls" },
    paid: 1,
    streamed: { status: 200, text: "", finishReason: "tool_calls" },
  })),
  ...(["text_plain", "octet_stream", "none", "json_for_stream"] as const).map((as): FaultCase => ({
    fault: "F21",
    name: `a content type that does not fit (${as})`,
    play: { kind: "content_type", as },
    told: answered,
    paid: 1,
    streamed: answered,
  })),
  {
    fault: "F21",
    name: "JSON where a stream was asked for (groq)",
    wire: "groq",
    play: { kind: "content_type", as: "json_for_stream" },
    told: answered,
    paid: 1,
  },
];

const third: readonly [name: string, play: Fault, status: string][] = [
  ["F18: null", { kind: "no_content", as: "null" }, "failed"],
  ["F18: blanks", { kind: "no_content", as: "blank" }, "failed"],
  ["F18: a refusal", { kind: "no_content", as: "refused" }, "abstained"],
  ["F19: content_filter", { kind: "finish", reason: "content_filter", keepTokens: 0 }, "abstained"],
  ["F20: a call of a tool", { kind: "tool_calls" }, "abstained"],
];

const seats = ["openrouter/acme/seat-1", "groq/acme/seat-2", "openrouter/acme/seat-3"];

/** F6 to F9, F13 to F15 and F18 to F21: upstreams that answer wrongly. */
export const bodies: FaultGroup = {
  name: "bodies",
  cases: [...errors, ...bytes, ...contents],
  presets: {
    three: {
      members: seats.map((model) => ({ model })),
      aggregation: { strategy: "majority" },
      stop_early: "off",
    },
  },
  rules: [
    says("acme/seat-1", "7"),
    says("acme/seat-2", "7"),
    ...third.map(([name, fault]): FaultRule => ({
      model: "acme/seat-3",
      contains: name,
      calls: "all",
      fault,
    })),
  ],
  more(house) {
    it.each(third)("%s is no vote", async (name, _, status) => {
      const { upstream, synod } = house();
      const answer = await post(`${synod.url}/v1/chat/completions`, question(name, "synod/three"));
      const { consensus } = answer.json<CompletionJson>();
      expect(textOf(answer.json<CompletionJson>())).toBe("7");
      expect(consensus).toMatchObject({ agreement: 1, calls: { made: 3 } });
      expect(consensus.members[2]).toMatchObject({ status, answer_key: null, counted: false });
      const asked = upstream.calls().filter(({ body }) => JSON.stringify(body).includes(name));
      expect(asked).toHaveLength(3);
    });
  },
};
