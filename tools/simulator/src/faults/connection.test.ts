import { expect } from "vitest";
import type { FaultCase } from "../testing/fault-cases.js";
import { json, testFaults } from "../testing/fault-cases.js";
import { sseData } from "../testing/http-client.js";
import type { connection } from "./connection.js";

const BOTH = [true, false] as const;
const named = (stream: boolean) => (stream ? "of a stream" : "of a whole reply");

/** What every cut in the middle leaves behind. */
function partly(text: string, stream: boolean): void {
  if (stream) expect(sseData(text)).toHaveLength(2);
  else expect(text).toMatch(/^\{"id":"gen-/);
  expect(text).not.toContain("[DONE]");
  expect(text).not.toContain('"usage"');
}

testFaults({
  hang: [
    {
      name: "before the headers",
      fault: { kind: "hang", when: "before_headers" },
      leavesWhen: "received",
      check(reply, call) {
        expect(reply).toMatchObject({ status: 0, complete: false });
        expect(call).toMatchObject({ state: "aborted", status: null, tokensSent: 0 });
      },
    },
    {
      name: "after the headers",
      stream: true,
      fault: { kind: "hang", when: "after_headers" },
      leavesWhen: "streaming",
      check: (_, call) => expect(call).toMatchObject({ state: "aborted", status: 200, tokensSent: 0 }),
    },
    {
      name: "in the middle of a stream",
      stream: true,
      fault: { kind: "hang" },
      leavesWhen: "streaming",
      check(_, call) {
        expect(call).toMatchObject({ state: "aborted", status: 200, tokensSent: 2 });
        expect(call.endedAt).toBeGreaterThanOrEqual(call.firstByteAt ?? Infinity);
      },
    },
    {
      name: "in the middle of a whole reply",
      fault: { kind: "hang" },
      leavesWhen: "streaming",
      check: (_, call) => expect(call).toMatchObject({ state: "aborted", status: 200 }),
    },
  ],
  reset: [
    {
      name: "before the headers",
      fault: { kind: "reset", when: "before_headers" },
      check(reply, call) {
        expect(reply).toMatchObject({ status: 0, complete: false, error: "ECONNRESET" });
        expect(call).toMatchObject({ state: "failed", status: null });
      },
    },
    {
      name: "after the headers",
      stream: true,
      fault: { kind: "reset", when: "after_headers" },
      check: (reply) =>
        expect(reply).toMatchObject({ status: 200, text: "", complete: false, error: "ECONNRESET" }),
    },
    ...BOTH.map((stream): FaultCase => ({
      name: `in the middle ${named(stream)}`,
      stream,
      fault: { kind: "reset" },
      check(reply, call) {
        expect(reply).toMatchObject({ status: 200, complete: false, error: "ECONNRESET" });
        partly(reply.text, stream);
        expect(call.state).toBe("failed");
      },
    })),
  ],
  fin: [
    {
      name: "before the headers",
      fault: { kind: "fin", when: "before_headers" },
      check: (reply) => expect(reply).toMatchObject({ status: 0, complete: false }),
    },
    ...BOTH.map((stream): FaultCase => ({
      name: `in the middle ${named(stream)}`,
      stream,
      fault: { kind: "fin" },
      check(reply, call) {
        expect(reply).toMatchObject({ status: 200, complete: false });
        partly(reply.text, stream);
        expect(call.state).toBe("failed");
      },
    })),
  ],
  end_early: BOTH.map((stream): FaultCase => ({
    name: named(stream),
    stream,
    fault: { kind: "end_early", afterTokens: 2 },
    check(reply, call) {
      expect(reply).toMatchObject({ status: 200, complete: true });
      partly(reply.text, stream);
      expect(call.state).toBe("failed");
    },
  })),
  no_done: [
    {
      name: "finish reason and usage, but no [DONE]",
      stream: true,
      fault: { kind: "no_done" },
      check(reply, call) {
        expect(reply.text).toContain('"finish_reason":"stop"');
        expect(reply.text).not.toContain("[DONE]");
        expect(call.state).toBe("finished");
      },
    },
  ],
  slow_first_token: BOTH.map((stream): FaultCase => ({
    name: named(stream),
    stream,
    fault: { kind: "slow_first_token", ms: 60 },
    check: (_, call) => expect((call.endedAt ?? 0) - call.receivedAt).toBeGreaterThanOrEqual(59),
  })),
  stall: [
    {
      name: "a pause between two tokens",
      stream: true,
      fault: { kind: "stall", afterTokens: 1, ms: 60 },
      check(reply, call) {
        expect((call.endedAt ?? 0) - (call.firstByteAt ?? 0)).toBeGreaterThanOrEqual(55);
        expect(reply.text).toContain("[DONE]");
      },
    },
  ],
  trickle: BOTH.map((stream): FaultCase => ({
    name: named(stream),
    stream,
    fault: { kind: "trickle", bytesPerSecond: 50_000 },
    check(reply, call) {
      expect(reply.complete).toBe(true);
      expect((call.endedAt ?? 0) - (call.firstByteAt ?? 0)).toBeGreaterThanOrEqual(
        reply.bytes.length / 50 - 25,
      );
    },
  })),
  comments: [
    {
      name: "a flood before the first token",
      stream: true,
      fault: { kind: "comments", count: 5_000 },
      check(reply) {
        expect(reply.text.match(/^: OPENROUTER PROCESSING$/gm)).toHaveLength(5_001);
        expect(sseData(reply.text).length).toBeGreaterThan(3);
      },
    },
    {
      name: "without end",
      stream: true,
      fault: { kind: "comments", count: null, everyMs: 5 },
      leavesWhen: "streaming",
      check: (_, call) => expect(call).toMatchObject({ state: "aborted", tokensSent: 0 }),
    },
    {
      name: "a flood in the middle",
      stream: true,
      fault: { kind: "comments", count: 3, text: "wait", afterTokens: 2 },
      check(reply) {
        const [before = "", after = ""] = reply.text.split(": wait\n\n: wait\n\n: wait\n\n");
        const tokens = (text: string) => text.match(/"content":"[^"]/g) ?? [];
        expect(tokens(before)).toHaveLength(2);
        expect(tokens(after).length).toBeGreaterThan(0);
      },
    },
  ],
  stream_error: [
    ...(["choice", "no_choices", "bare"] as const).map((shape): FaultCase => ({
      name: `OpenRouter's, ${shape}`,
      stream: true,
      fault: { kind: "stream_error", shape, code: shape === "choice" ? "server_error" : 429 },
      check(reply, call) {
        const last = sseData(reply.text).at(-1) as { error: { code: unknown }; choices?: readonly unknown[] };
        expect(last.error.code).toBe(shape === "choice" ? "server_error" : 429);
        expect(last.choices?.length).toBe({ choice: 1, no_choices: 0, bare: undefined }[shape]);
        expect(reply).toMatchObject({ status: 200, complete: true });
        expect(reply.text).not.toContain("[DONE]");
        expect(call).toMatchObject({ state: "failed", tokensSent: 2 });
      },
    })),
    {
      name: "before the first token, with [DONE]",
      stream: true,
      fault: { kind: "stream_error", afterTokens: 0, done: true, finishReason: "" },
      check(reply, call) {
        expect(sseData(reply.text)).toMatchObject([
          { error: { code: 502 }, choices: [{ finish_reason: "" }] },
        ]);
        expect(reply.text.endsWith("data: [DONE]\n\n")).toBe(true);
        expect(call.tokensSent).toBe(0);
      },
    },
    {
      name: "Groq's, in x_groq",
      stream: true,
      provider: "groq",
      fault: { kind: "stream_error", shape: "x_groq", message: "over capacity" },
      check: (reply) =>
        expect(sseData(reply.text).at(-1)).toMatchObject({ x_groq: { error: "over capacity" } }),
    },
    {
      name: "Groq's, beside the choices",
      stream: true,
      provider: "groq",
      fault: { kind: "stream_error" },
      check: (reply) =>
        expect(sseData(reply.text).at(-1)).toMatchObject({ error: { message: "Provider disconnected" } }),
    },
    {
      name: "of a whole reply: half a body",
      fault: { kind: "stream_error" },
      check: (reply) => expect(() => json(reply)).toThrow(SyntaxError),
    },
  ],
} satisfies Record<keyof typeof connection, readonly FaultCase[]>);
