import { expect } from "vitest";
import type { FaultCase } from "../testing/fault-cases.js";
import { json, testFaults } from "../testing/fault-cases.js";
import type { refusals } from "./refusals.js";

const STATUSES = [400, 401, 402, 403, 404, 408, 413, 422, 429, 500, 502, 503, 524, 529];
const GROQ_STATUSES = [400, 401, 403, 404, 413, 422, 424, 429, 498, 499, 500, 502, 503];

testFaults({
  status: [
    ...STATUSES.map((status): FaultCase => ({
      name: `OpenRouter's ${status}`,
      fault: { kind: "status", status },
      check(reply, call) {
        expect(reply.status).toBe(status);
        expect(reply.headers["content-type"]).toBe("application/json");
        expect(json(reply)).toMatchObject({ error: { code: status, message: expect.any(String) } });
        expect(call).toMatchObject({ state: "failed", status, tokensSent: 0, generationId: null });
      },
    })),
    ...GROQ_STATUSES.map((status): FaultCase => ({
      name: `Groq's ${status}`,
      provider: "groq",
      fault: { kind: "status", status },
      check(reply) {
        expect(reply.status).toBe(status);
        expect(reply.headers["x-request-id"]).toBeDefined();
        expect(json(reply)).toMatchObject({
          error: { message: expect.any(String), type: expect.any(String) },
        });
      },
    })),
    {
      name: "Groq's 413 that looks like a rate limit",
      provider: "groq",
      fault: { kind: "status", status: 413 },
      check(reply) {
        expect(json(reply)).toMatchObject({
          error: {
            message: expect.stringMatching(/^Request too large for model/),
            type: "tokens",
            code: "rate_limit_exceeded",
          },
        });
      },
    },
    {
      name: "with a message, fields, headers and a hint of its own",
      stream: true,
      fault: {
        kind: "status",
        status: 503,
        message: "back soon",
        fields: { code: 1503 },
        headers: { "x-own": "yes" },
        hint: { seconds: 0.5, as: "milliseconds" },
      },
      check(reply) {
        expect(reply.headers).toMatchObject({
          "content-type": "application/json",
          "x-own": "yes",
          "retry-after-ms": "500",
        });
        expect(json(reply)).toMatchObject({ error: { code: 1503, message: "back soon" } });
      },
    },
    {
      name: "half of whose body comes, then nothing",
      fault: { kind: "status", status: 503, body: "stalls" },
      leavesWhen: "streaming",
      check(reply, call) {
        expect(reply.complete).toBe(false);
        expect(call).toMatchObject({ state: "aborted", status: 503 });
      },
    },
    {
      name: "half of whose body comes, then a reset",
      fault: { kind: "status", status: 401, body: "breaks" },
      check(reply, call) {
        expect(reply).toMatchObject({ status: 401, complete: false });
        expect(call).toMatchObject({ state: "failed", status: 401 });
      },
    },
  ],
  rate_limit: [
    {
      name: "OpenRouter's own, in seconds",
      fault: { kind: "rate_limit", hint: { seconds: 12 } },
      check(reply) {
        expect(reply.headers).toMatchObject({
          "retry-after": "12",
          "x-ratelimit-limit": "20",
          "x-ratelimit-remaining": "0",
        });
        expect(Number(reply.headers["x-ratelimit-reset"]) - Date.now()).toBeGreaterThan(5_000);
        expect(json(reply)).toEqual({
          error: {
            code: 429,
            message: "Rate limit exceeded: free-models-per-min. ",
            metadata: { error_type: "rate_limit_exceeded" },
          },
          user_id: "user_simulation",
        });
      },
    },
    {
      name: "OpenRouter's own, without Retry-After",
      fault: { kind: "rate_limit" },
      check(reply) {
        expect(reply.headers["retry-after"]).toBeUndefined();
        expect(reply.headers["x-ratelimit-reset"]).toMatch(/^\d{13}$/);
      },
    },
    {
      name: "OpenRouter's own, as epoch seconds",
      fault: { kind: "rate_limit", hint: { seconds: 30, as: "epoch_seconds" } },
      check: (reply) => expect(reply.headers["x-ratelimit-reset"]).toMatch(/^\d{10}$/),
    },
    {
      name: "of a provider behind OpenRouter, as an HTTP date",
      fault: { kind: "rate_limit", scope: "upstream", hint: { seconds: 30, as: "http_date" } },
      check(reply) {
        const wait = Date.parse(reply.headers["retry-after"] ?? "") - Date.now();
        expect(wait).toBeGreaterThan(20_000);
        expect(wait).toBeLessThanOrEqual(31_000);
        expect(reply.headers["x-ratelimit-limit"]).toBeUndefined();
        expect(json(reply)).toMatchObject({
          error: {
            message: "Provider returned error",
            metadata: { provider_name: "Simulation", raw: expect.any(String) },
          },
        });
      },
    },
    {
      name: "Groq's, in seconds",
      provider: "groq",
      fault: { kind: "rate_limit", hint: { seconds: 2 } },
      check(reply) {
        expect(reply.headers).toMatchObject({ "retry-after": "2", "x-ratelimit-remaining-tokens": "0" });
        expect(json(reply)).toMatchObject({
          error: {
            message: expect.stringMatching(/^Rate limit reached for model .* in 2s\./),
            type: "tokens",
            code: "rate_limit_exceeded",
          },
        });
      },
    },
    {
      name: "Groq's, as Go durations",
      provider: "groq",
      fault: { kind: "rate_limit", hint: { seconds: 172.8, as: "go_duration" } },
      check(reply) {
        expect(reply.headers["retry-after"]).toBeUndefined();
        expect(reply.headers["x-ratelimit-reset-tokens"]).toBe("2m52.8s");
      },
    },
  ],
  moderation: [
    {
      name: "flagged",
      fault: { kind: "moderation" },
      check: (reply) =>
        expect(json(reply)).toMatchObject({ error: { code: 403, metadata: { reasons: expect.any(Array) } } }),
    },
    {
      name: "a guardrail",
      fault: { kind: "moderation", by: "guardrail" },
      check: (reply) =>
        expect(json(reply)).toMatchObject({
          error: { code: 403, metadata: { patterns: expect.any(Array) } },
        }),
    },
  ],
  context_length: [
    {
      name: "OpenRouter's",
      fault: { kind: "context_length" },
      check: (reply) =>
        expect(json(reply)).toMatchObject({
          error: { code: 400, metadata: { error_type: "context_length_exceeded" } },
        }),
    },
    {
      name: "Groq's",
      provider: "groq",
      fault: { kind: "context_length" },
      check: (reply) => expect(json(reply)).toMatchObject({ error: { code: "context_length_exceeded" } }),
    },
  ],
  failed_generation: (["json_validate_failed", "tool_use_failed"] as const).map((code): FaultCase => ({
    name: code,
    provider: "groq",
    fault: { kind: "failed_generation", code },
    check(reply) {
      expect(reply.status).toBe(400);
      expect(json(reply)).toMatchObject({ error: { code, failed_generation: expect.any(String) } });
    },
  })),
} satisfies Record<keyof typeof refusals, readonly FaultCase[]>);
