import type { FaultCase } from "./fault-case.js";
import type { FaultGroup } from "./fault-house.js";
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

/** F6 to F9: answers that are errors, or break off. */
export const brokenAnswers: FaultGroup = { name: "broken answers", cases };
