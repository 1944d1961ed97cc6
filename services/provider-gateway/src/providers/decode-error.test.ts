import { describe, expect, it } from "vitest";
import type { Headers } from "./codec.js";
import type { ProviderError } from "./provider-error.js";
import { codecs } from "./registry.js";

type Kind = keyof typeof codecs;
type Expected = Partial<ProviderError>;

const headersOf =
  (headers: Readonly<Record<string, string>> = {}): Headers =>
  (name) =>
    headers[name];

function decode(kind: Kind, status: number, body: unknown, headers?: Readonly<Record<string, string>>) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return codecs[kind].decodeError(status, headersOf(headers), text);
}

const orError = (code: number, message: string, metadata?: object) => ({
  error: { code, message, ...(metadata && { metadata }) },
  user_id: "user_x",
});
const atCapacity = {
  error: {
    message: "All providers for anthropic/claude-sonnet-4.5 are at capacity. Retry after 40 seconds.",
    error_type: "rate_limit_exceeded",
    http_status: 429,
    availability: { code: "capacity_exhausted", retryable: true, retry_after: 40 },
    metadata: { previous_errors: [{ provider: "anthropic", code: "capacity_exhausted", status: 429 }] },
  },
};
const auth: Expected = { reason: "provider_auth", retryable: false, failOver: "other_provider" };
const gone: Expected = { reason: "model_not_found", retryable: false, failOver: "any" };
const rejected: Expected = { reason: "upstream_rejected", retryable: false, failOver: "none" };
const tooLong: Expected = { reason: "context_length_exceeded", retryable: false, failOver: "none" };
const broke: Expected = { reason: "upstream_error", retryable: true, failOver: "any" };
const late: Expected = { reason: "upstream_timeout", retryable: true, failOver: "any" };
const limited: Expected = { reason: "rate_limit_exceeded", retryable: true, failOver: "any" };

describe("OpenRouter's errors", () => {
  it.each<[number, unknown, Expected]>([
    [400, orError(400, "Invalid request parameters"), rejected],
    [400, orError(400, "acme/fake-1.0 is not a valid model ID"), gone],
    [400, orError(400, "This endpoint's maximum context length is 8192 tokens"), tooLong],
    [400, orError(400, "x", { error_type: "context_length_exceeded" }), tooLong],
    [
      400,
      orError(400, "x", { error_type: "content_policy_violation" }),
      { reason: "refused", failOver: "none" },
    ],
    [401, orError(401, "Missing Authentication header"), auth],
    [402, orError(402, "Insufficient credits."), { reason: "provider_credit", failOver: "other_provider" }],
    [403, orError(403, "Only management keys can perform this operation"), auth],
    [
      403,
      orError(403, "no", { reasons: ["violence"], flagged_input: "…" }),
      { reason: "refused", failOver: "none" },
    ],
    [403, orError(403, "no", { patterns: ["x"] }), { reason: "refused", failOver: "none" }],
    [403, orError(403, "Request blocked: guardrail"), { reason: "refused", failOver: "none" }],
    [404, orError(404, "Resource not found"), gone],
    [404, orError(404, "No endpoints found that support tool use"), { ...rejected, failOver: "any" }],
    [404, { error: { message: "gone", availability: { code: "model_deprecated", retryable: false } } }, gone],
    [404, "<html>nginx</html>", { reason: "upstream_error", retryable: false, failOver: "other_provider" }],
    [408, orError(408, "Operation timed out. Please try again later."), late],
    [413, orError(413, "Request payload too large"), tooLong],
    [422, orError(422, "Invalid argument"), rejected],
    [
      429,
      orError(429, "Provider returned error", { raw: "slow down" }),
      { ...limited, message: "slow down" },
    ],
    [429, atCapacity, { ...limited, retryAfterMs: 40_000 }],
    [500, orError(500, "Internal Server Error", { error_type: "server" }), broke],
    [502, orError(502, "Provider returned error"), { ...broke, message: "Provider returned error" }],
    [502, "<html><h1>Bad gateway</h1></html>", { ...broke, message: "the provider answered with HTTP 502" }],
    [503, orError(503, "Service temporarily unavailable"), broke],
    [524, orError(524, "Request timed out"), late],
    [529, orError(529, "Provider returned error"), broke],
    [302, "", { reason: "upstream_error", retryable: false }],
  ])("%i %j", (status, body, expected) => {
    expect(decode("openrouter", status, body)).toMatchObject({ ...expected, httpStatus: status });
  });

  it.each([
    [{ "retry-after": "12", "x-ratelimit-limit": "20" }, 12_000],
    [{ "retry-after-ms": "120" }, 120],
    [{ "x-ratelimit-limit": "20", "x-ratelimit-reset": "1" }, 0],
    [{}, undefined],
  ])("say how long to wait: %j", (headers, ms) => {
    expect(decode("openrouter", 429, orError(429, "Rate limit exceeded"), headers).retryAfterMs).toBe(ms);
  });

  it("say when their limit resets, in seconds or milliseconds", () => {
    for (const unit of [1, 1000]) {
      const reset = String(Math.ceil((Date.now() / 1000 + 30) * unit));
      const error = decode("openrouter", 429, orError(429, "x"), {
        "x-ratelimit-limit": "20",
        "x-ratelimit-reset": reset,
      });
      expect(error.retryAfterMs).toBeGreaterThan(25_000);
      expect(error.retryAfterMs).toBeLessThan(32_000);
      expect(error.failOver).toBe("other_provider");
    }
  });

  it.each([
    ['{"error":{"message":"deep"}}', "deep"],
    [{ message: "flat" }, "flat"],
    ["plain text", "plain text"],
    ["<html>no</html>", "Provider returned error"],
    [7, "Provider returned error"],
  ])("show what the provider behind them said: %j", (raw, message) => {
    expect(decode("openrouter", 502, orError(502, "Provider returned error", { raw })).message).toBe(message);
  });
});

describe("Groq's errors", () => {
  const groqError = (type: string, code: string | undefined, message: string) => ({
    error: { message, type, code },
  });
  it.each<[number, unknown, Expected]>([
    [400, groqError("invalid_request_error", undefined, "'messages' is missing"), rejected],
    [
      400,
      groqError("invalid_request_error", "json_validate_failed", "x"),
      { ...rejected, retryable: true, failOver: "any" },
    ],
    [
      400,
      groqError("invalid_request_error", "tool_use_failed", "x"),
      { ...rejected, retryable: true, failOver: "any" },
    ],
    [
      400,
      groqError("invalid_request_error", "model_decommissioned", "The model `x` has been decommissioned"),
      gone,
    ],
    [401, groqError("invalid_request_error", "invalid_api_key", "Invalid API Key"), auth],
    [403, groqError("permissions_error", undefined, "no"), auth],
    [404, groqError("invalid_request_error", "model_not_found", "The model `x` does not exist"), gone],
    [413, groqError("tokens", "rate_limit_exceeded", "Request too large for model `m`"), tooLong],
    [
      422,
      groqError("invalid_request_error", undefined, "model hallucination"),
      { ...rejected, retryable: true, failOver: "any" },
    ],
    [424, groqError("invalid_request_error", undefined, "mcp"), rejected],
    [498, groqError("capacity", "capacity_exceeded", "flex tier is full"), broke],
    [499, groqError("canceled", undefined, "request cancelled"), rejected],
    [500, groqError("internal_server_error", undefined, "Internal Server Error"), broke],
    [503, "", broke],
  ])("%i %j", (status, body, expected) => {
    expect(decode("groq", status, body)).toMatchObject({ ...expected, httpStatus: status });
  });

  const perMinute =
    "Rate limit reached for model `openai/gpt-oss-20b` in organization `org_01m2abcdef` on tokens per minute (TPM): Limit 8000. Please try again in 1.3275s. Need more tokens?";
  it.each([
    [perMinute, { "retry-after": "2" }, 2_000],
    [perMinute, {}, 1_328],
    ["Please try again in 6m39.168s.", {}, 399_168],
    ["slow down", { "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "547ms" }, 547],
    [
      "slow down",
      { "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "2m52.8s" },
      172_800,
    ],
    ["slow down", {}, undefined],
  ])("429: %s %j", (message, headers, ms) => {
    const error = decode("groq", 429, groqError("tokens", "rate_limit_exceeded", message), headers);
    expect(error).toMatchObject(limited);
    expect(error.retryAfterMs).toBe(ms);
    expect(error.message).not.toContain("org_01m2abcdef");
  });
});

describe("other servers' errors", () => {
  it.each<[number, unknown, Expected]>([
    [404, { error: { message: 'model "x" not found, try pulling it first', type: "api_error" } }, gone],
    [
      404,
      { object: "error", message: "The model `x` does not exist.", type: "NotFoundError", code: 404 },
      gone,
    ],
    [400, { detail: "Unsupported parameter" }, { ...rejected, message: "Unsupported parameter" }],
    [429, { error: { message: "quota", code: "insufficient_quota" } }, { reason: "provider_credit" }],
    [
      500,
      { error: "llama runner process has terminated" },
      { ...broke, message: "llama runner process has terminated" },
    ],
    [503, "Service Unavailable", { ...broke, message: "the provider answered with HTTP 503" }],
  ])("%i %j", (status, body, expected) => {
    expect(decode("openai", status, body)).toMatchObject(expected);
  });
});

describe("messages", () => {
  const messageOf = (message: string) => decode("openai", 400, { error: { message } }).message;

  it("are cut at 1 KiB, at a whole character", () => {
    for (const letter of ["x", "é", "👋"]) {
      const message = messageOf(letter.repeat(3_000));
      expect(Buffer.byteLength(message)).toBeLessThanOrEqual(1_024);
      expect(message).not.toContain("\ufffd");
    }
  });

  it("hold no control characters, markup, keys or accounts", () => {
    expect(messageOf("a\u0000b\r\nc\u001b[31m\u202ed  e")).toBe("a b c [31m d e");
    expect(messageOf("<!doctype html><p>no")).toBe("the provider answered with HTTP 400");
    expect(messageOf("Incorrect API key provided: sk-or-v1-abc****1234.")).toBe(
      "Incorrect API key provided: [hidden]",
    );
    expect(messageOf("header Bearer gsk_secret was bad")).toBe("header [hidden] was bad");
    expect(messageOf("lone \ud800 half")).toBe("lone \ufffd half");
  });
});
