import type { Fault, FaultRule } from "@synod/simulator";
import { expect, it } from "vitest";

import { type CompletionJson, post, question, textOf } from "../harness/api.js";
import { says } from "../harness/upstream.js";
import type { FaultCase, Told } from "./fault-case.js";
import type { FaultGroup } from "./fault-house.js";
import { answered, unreadable } from "./told.js";

const empty: Told = { status: 502, code: "empty_answer", again: false };

const cases: readonly FaultCase[] = [
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
    told: { status: 200, text: "", refusal: "I cannot help with that." },
    paid: 1,
    streamed: { status: 200, text: "", refusal: "I cannot help with that." },
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

/** F18 to F21: answers that are none, or not quite. */
export const contents: FaultGroup = {
  name: "contents",
  cases,
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
