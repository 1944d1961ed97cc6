import { gunzipSync } from "node:zlib";
import { expect } from "vitest";
import type { FaultCase } from "../testing/fault-cases.js";
import { json, testFaults } from "../testing/fault-cases.js";
import { sseData } from "../testing/http-client.js";
import type { bytes } from "./bytes.js";

testFaults({
  html: [
    {
      name: "a page instead of JSON",
      fault: { kind: "html" },
      check(reply, call) {
        expect(reply).toMatchObject({ status: 502, text: expect.stringContaining("<html>") });
        expect(reply.headers["content-type"]).toBe("text/html");
        expect(call.state).toBe("failed");
      },
    },
  ],
  redirect: ([301, 302, 303, 307, 308] as const).map((status): FaultCase => ({
    name: String(status),
    fault: { kind: "redirect", status, location: "http://127.0.0.1:1/elsewhere" },
    check(reply) {
      expect(reply.status).toBe(status);
      expect(reply.headers.location).toBe("http://127.0.0.1:1/elsewhere");
    },
  })),
  invalid_json: [
    {
      name: "a whole body",
      fault: { kind: "invalid_json" },
      check(reply) {
        expect(reply).toMatchObject({ status: 200, complete: true });
        expect(reply.headers["content-type"]).toBe("application/json");
        expect(() => json(reply)).toThrow(SyntaxError);
      },
    },
    {
      name: "one event of a stream",
      stream: true,
      fault: { kind: "invalid_json", text: "{nope", afterTokens: 1 },
      check(reply) {
        const events = reply.text.split("\n\n").filter((event) => event.startsWith("data: "));
        expect(events[1]).toBe("data: {nope");
        expect(reply.text).toContain("[DONE]");
      },
    },
  ],
  invalid_utf8: [true, false].map((stream): FaultCase => ({
    name: stream ? "in a stream" : "in a body",
    stream,
    fault: { kind: "invalid_utf8" },
    check(reply) {
      expect(() => new TextDecoder("utf-8", { fatal: true }).decode(reply.bytes)).toThrow(TypeError);
      expect(stream ? sseData(reply.text) : [json(reply)]).not.toHaveLength(0);
      expect(reply.text).toContain("\uFFFD");
    },
  })),
  encoding: [
    {
      name: "gzip that breaks off",
      fault: { kind: "encoding", as: "truncated_gzip" },
      check(reply) {
        expect(reply.headers["content-encoding"]).toBe("gzip");
        expect(() => gunzipSync(reply.bytes)).toThrow("unexpected end of file");
      },
    },
    {
      name: "gzip that is none, streamed",
      stream: true,
      fault: { kind: "encoding", as: "not_gzip" },
      check: (reply) => expect(() => gunzipSync(reply.bytes)).toThrow("incorrect header check"),
    },
    {
      name: "a coding that nobody knows",
      fault: { kind: "encoding", as: "unknown" },
      check: (reply) => expect(reply.headers["content-encoding"]).toBe("pigeon"),
    },
    {
      name: "a bomb",
      fault: { kind: "encoding", as: "gzip_bomb", mebibytes: 8 },
      check(reply) {
        expect(reply.bytes.length).toBeLessThan(64 * 1024);
        expect(gunzipSync(reply.bytes)).toHaveLength(8 * 1024 * 1024);
      },
    },
  ],
  content_type: [
    {
      name: "JSON as plain text",
      fault: { kind: "content_type", as: "text_plain" },
      check(reply) {
        expect(reply.headers["content-type"]).toBe("text/plain; charset=utf-8");
        expect(json(reply)).toHaveProperty("choices");
      },
    },
    {
      name: "a stream as bytes",
      stream: true,
      fault: { kind: "content_type", as: "octet_stream" },
      check: (reply) => expect(reply.headers["content-type"]).toBe("application/octet-stream"),
    },
    {
      name: "none at all",
      fault: { kind: "content_type", as: "none" },
      check: (reply) => expect(reply.headers["content-type"]).toBeUndefined(),
    },
    {
      name: "JSON when a stream was asked",
      stream: true,
      fault: { kind: "content_type", as: "json_for_stream" },
      check(reply) {
        expect(reply.headers["content-type"]).toBe("application/json");
        expect(json(reply)).toHaveProperty("choices");
      },
    },
    {
      name: "a stream when none was asked",
      fault: { kind: "content_type", as: "sse_for_unary" },
      check(reply) {
        expect(reply.headers["content-type"]).toBe("text/event-stream");
        expect(reply.text).toContain("[DONE]");
      },
    },
  ],
  huge_line: [true, false].map((stream): FaultCase => ({
    name: stream ? "in a stream" : "in a body",
    stream,
    fault: { kind: "huge_line", bytes: 5_000_000 },
    check(reply) {
      const lines = reply.text.split("\n");
      expect(lines.at(-1)?.length).toBeGreaterThan(5_000_000);
      expect(reply.complete).toBe(true);
    },
  })),
} satisfies Record<keyof typeof bytes, readonly FaultCase[]>);
