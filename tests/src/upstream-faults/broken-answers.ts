import { expect, it } from "vitest";

import { type CompletionJson, post, question, textOf } from "../harness/api.js";
import { fails, says } from "../harness/upstream.js";
import type { FaultCase } from "./fault-case.js";
import { callsOf, type FaultGroup } from "./fault-house.js";
import { answered, broken, brokenStream, failed, unreadable } from "./told.js";

const cases: readonly FaultCase[] = [
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

const seats = ["openrouter/acme/half-1", "groq/acme/half-2", "openrouter/acme/half-3"];

/** F6 to F9: answers that are errors, or break off. */
export const brokenAnswers: FaultGroup = {
  name: "broken answers",
  cases,
  presets: {
    half: {
      members: seats.map((model) => ({ model })),
      aggregation: { strategy: "majority" },
      stop_early: "off",
    },
  },
  rules: [
    says("acme/half-1", "7"),
    says("acme/half-2", "7"),
    fails("acme/half-3", { kind: "stream_error" }, [1]),
    fails("acme/half-3", { kind: "status", status: 400 }, [2]),
  ],
  more(house) {
    it("F7: the record of a run says that a part of an answer was paid for, and gives it no vote", async () => {
      const { synod } = house();
      for (const paidPartial of [true, undefined]) {
        const asked = question("What is 3 + 4?", "synod/half");
        const answer = await post(`${synod.url}/v1/chat/completions`, asked);
        expect(textOf(answer.json<CompletionJson>())).toBe("7");
        const { consensus } = answer.json<CompletionJson>();
        expect(consensus).toMatchObject({ agreement: 1, calls: { made: 3 } });
        const [, , member] = consensus.members;
        expect(member).toMatchObject({ status: "failed", answer_key: null, counted: false });
        expect(member?.error?.paid_partial).toBe(paidPartial);
      }
      expect(callsOf(house(), "acme/half-3")).toHaveLength(2);
    });
  },
};
