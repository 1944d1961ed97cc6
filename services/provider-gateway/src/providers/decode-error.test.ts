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
const unavailable = (code: string, retryable: boolean) => ({
  error: { message: "x", availability: { code, retryable } },
});
const never = { retryable: false, repeats: 0 } as const;
const nobodys = { ...never, blames: "nobody" } as const;
const twice = { retryable: true, repeats: 2 } as const;
const auth: Expected = { ...never, reason: "provider_auth", failOver: "other_provider", blames: "key" };
const credit: Expected = { ...auth, reason: "provider_credit" };
const gone: Expected = { ...nobodys, reason: "model_not_found", failOver: "any" };
const rejected: Expected = { ...nobodys, reason: "upstream_rejected", failOver: "none" };
const unfit: Expected = { ...rejected, failOver: "any" };
const refused: Expected = { ...nobodys, reason: "refused", failOver: "none" };
const tooLong: Expected = {
  ...nobodys,
  reason: "context_length_exceeded",
  failOver: "larger_context",
};
const broke: Expected = { ...twice, reason: "upstream_error", failOver: "any", blames: "target" };
const late: Expected = { ...broke, reason: "upstream_timeout", repeats: 0 };
const limited: Expected = {
  ...twice,
  reason: "rate_limit_exceeded",
  failOver: "any",
  blames: "model_limit",
};
const keyLimited: Expected = { ...limited, failOver: "other_provider", blames: "key_limit" };
const unusable: Expected = { ...unfit, retryable: true, repeats: 1, generated: true };
const astray: Expected = { ...broke, ...never, failOver: "other_provider" };

describe("OpenRouter's errors", () => {
  it.each<[number, unknown, Expected]>([
    [400, orError(400, "Invalid request parameters"), rejected],
    [400, orError(400, "acme/fake-1.0 is not a valid model ID"), gone],
    [400, orError(400, "This endpoint's maximum context length is 8192 tokens"), tooLong],
    [400, orError(400, "x", { error_type: "context_length_exceeded" }), tooLong],
    [400, orError(400, "x", { error_type: "token_limit_exceeded" }), tooLong],
    [400, orError(400, "x", { error_type: "content_policy_violation" }), refused],
    [401, orError(401, "Missing Authentication header"), auth],
    [402, orError(402, "Insufficient credits."), credit],
    [403, orError(403, "Only management keys can perform this operation"), auth],
    [403, orError(403, "no", { reasons: ["violence"], flagged_input: "…" }), refused],
    [403, orError(403, "no", { patterns: ["x"] }), refused],
    [403, orError(403, "Request blocked: guardrail"), refused],
    [403, unavailable("region_restricted", false), unfit],
    [403, "<html>Sorry, you have been blocked</html>", astray],
    [404, orError(404, "Resource not found"), gone],
    [404, orError(404, "No endpoints found for acme/one."), gone],
    [404, orError(404, "No endpoints found that support tool use"), unfit],
    [404, orError(404, "No endpoints found matching your data policy"), unfit],
    [404, orError(404, "No allowed providers are available for the selected model."), unfit],
    [404, unavailable("model_deprecated", false), gone],
    [404, unavailable("no_endpoints", true), { ...gone, retryable: true, repeats: 1 }],
    [404, "<html>nginx</html>", astray],
    [408, orError(408, "Operation timed out. Please try again later."), late],
    [413, orError(413, "Request payload too large"), tooLong],
    [422, orError(422, "Invalid argument"), rejected],
    [429, orError(429, "Provider returned error", { raw: "slow" }), { ...limited, message: "slow" }],
    [429, atCapacity, { ...limited, retryAfterMs: 40_000 }],
    [429, unavailable("capacity_exhausted", false), { ...limited, ...never }],
    [500, orError(500, "Internal Server Error", { error_type: "server" }), broke],
    [502, orError(502, "Provider returned error"), { ...broke, message: "Provider returned error" }],
    [502, "<html><h1>Bad gateway</h1></html>", { ...broke, message: "the provider answered with HTTP 502" }],
    [503, orError(503, "Service temporarily unavailable"), broke],
    [503, unavailable("temporarily_unavailable", false), { ...broke, ...never }],
    [504, orError(504, "x", { error_type: "timeout" }), late],
    [524, orError(524, "Request timed out"), broke],
    [529, orError(529, "Provider returned error"), broke],
    [301, "", astray],
    [302, "", astray],
    [307, '{"error":{"message":"moved"}}', astray],
    [308, "", astray],
  ])("%i %j", (status, body, expected) => {
    expect(decode("openrouter", status, body)).toMatchObject({ ...expected, httpStatus: status });
  });

  it.each([
    [{ "retry-after": "12", "x-ratelimit-limit": "20" }, 12_000],
    [{ "retry-after-ms": "120" }, 120],
    [{ "x-ratelimit-limit": "20", "x-ratelimit-reset": "30" }, 30_000],
    [{ "retry-after": "0", "x-ratelimit-reset": "30" }, 30_000],
    [{ "retry-after": "0" }, undefined],
    [{ "retry-after-ms": "0" }, undefined],
    [{ "retry-after": "Sun, 06 Nov 1994 08:49:37 GMT" }, undefined],
    [{ "x-ratelimit-limit": "20", "x-ratelimit-reset": "1731000012000" }, undefined],
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
      expect(error).toMatchObject(keyLimited);
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
  const invalid = (code: string | undefined, message: string) =>
    groqError("invalid_request_error", code, message);
  const wrote = { error: { message: "x", code: "output_parse_failed", failed_generation: "{" } };
  it.each<[number, unknown, Expected]>([
    [400, invalid(undefined, "'messages' is missing"), rejected],
    [400, invalid("json_validate_failed", "x"), unusable],
    [400, invalid("tool_use_failed", "x"), unusable],
    [400, wrote, unusable],
    [400, invalid("model_decommissioned", "The model `x` has been decommissioned"), gone],
    [400, invalid("model_terms_required", "The model `x` requires terms acceptance"), unfit],
    [401, invalid("invalid_api_key", "Invalid API Key"), auth],
    [403, groqError("permissions_error", undefined, "no"), auth],
    [403, groqError("permissions_error", "model_permission_blocked_org", "blocked"), unfit],
    [403, groqError("permissions_error", "model_permission_blocked_project", "blocked"), unfit],
    [404, invalid("model_not_found", "The model `x` does not exist"), gone],
    [413, groqError("tokens", "rate_limit_exceeded", "Request too large for model `m`"), tooLong],
    [422, invalid(undefined, "model hallucination"), unusable],
    [424, invalid(undefined, "mcp"), rejected],
    [
      498,
      groqError("capacity", "capacity_exceeded", "flex tier is full"),
      { ...broke, repeats: 1, blames: "nobody", tierFull: true },
    ],
    [499, groqError("canceled", undefined, "request cancelled"), rejected],
    [500, groqError("internal_server_error", undefined, "Internal Server Error"), broke],
    [502, "", broke],
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
    ["slow down", { "x-ratelimit-remaining-tokens": "12", "x-ratelimit-reset-tokens": "2s" }, 2_000],
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
    [429, { error: { message: "quota", code: "insufficient_quota" } }, credit],
    [429, { error: { message: "slow down" } }, limited],
    [422, { error: { message: "no" } }, rejected],
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

describe("x-should-retry", () => {
  it.each([
    ["false", 0],
    ["true", 2],
  ])("%s", (value, repeats) => {
    expect(decode("groq", 503, "", { "x-should-retry": value }).repeats).toBe(repeats);
  });

  it("never allows what costs nobody knows how much", () => {
    expect(decode("groq", 504, "", { "x-should-retry": "true" }).repeats).toBe(0);
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

  it("name the models that OpenRouter suggests instead, three at most and names alone", () => {
    const suggesting = (...fallback_models: readonly unknown[]) =>
      decode("openrouter", 404, {
        error: {
          message: "No endpoints.",
          availability: { code: "no_endpoints", retryable: false, fallback_models },
        },
      });
    expect(suggesting("acme/a", "acme/b:free")).toMatchObject({
      ...gone,
      message: "No endpoints. (suggested instead: acme/a, acme/b:free)",
    });
    expect(suggesting(7, "", "<b>", "a b", "1", "2", "3", "4", "x".repeat(65)).message).toBe(
      "No endpoints. (suggested instead: 1, 2, 3)",
    );
    for (const odd of [
      suggesting(),
      suggesting(null),
      decode("openrouter", 404, unavailable("no_endpoints", false)),
    ]) {
      expect(odd.message).not.toContain("suggested");
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
