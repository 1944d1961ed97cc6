import { z } from "zod";
import type { Refusal } from "../wire/dialect.js";
import { PROVIDER_NAME } from "../wire/fingerprint.js";
import { jsonPlan } from "../wire/plan.js";
import { defineFault, hintSchema } from "./definition.js";
import type { FaultContext } from "./definition.js";

const status = defineFault(
  "status",
  {
    status: z.int().min(400).max(599),
    message: z.string().optional(),
    hint: hintSchema,
    /** Replaces fields of the error, such as `code` or `metadata`. */
    fields: z.record(z.string(), z.unknown()).optional(),
    headers: z.record(z.string(), z.string()).optional(),
  },
  ({ status, message, hint, fields, headers }) => ({
    instead: (context) =>
      refuse(context, {
        status,
        ...(message === undefined ? {} : { message }),
        ...(hint === undefined ? {} : { hint }),
        ...(fields === undefined ? {} : { fields }),
        ...(headers === undefined ? {} : { headers }),
      }),
  }),
);

/** A 429: of the provider's own limits (`platform`), or of a provider behind OpenRouter (`upstream`). */
const rateLimit = defineFault(
  "rate_limit",
  { scope: z.enum(["platform", "upstream"]).default("platform"), hint: hintSchema },
  ({ scope, hint }) => ({
    instead: (context) => {
      const given = hint === undefined ? {} : { hint };
      if (context.dialect.provider === "groq") return refuse(context, { status: 429, ...given });
      if (scope === "upstream") {
        return refuse(context, {
          status: 429,
          message: "Provider returned error",
          fields: { metadata: upstreamDetail(429, "text") },
          ...given,
        });
      }
      const reset = context.now + (hint?.seconds ?? 60) * 1000;
      return refuse(context, {
        status: 429,
        message: "Rate limit exceeded: free-models-per-min. ",
        ...given,
        headers: {
          "x-ratelimit-limit": "20",
          "x-ratelimit-remaining": "0",
          ...(hint?.as === "epoch_seconds" || hint?.as === "go_duration"
            ? {}
            : { "x-ratelimit-reset": String(Math.ceil(reset)) }),
        },
      });
    },
  }),
);

/** A failure of a provider behind OpenRouter, with its own words in `metadata.raw`. */
const upstreamError = defineFault(
  "upstream_error",
  {
    status: z.int().min(400).max(599).default(502),
    raw: z.enum(["text", "json_text", "object"]).default("text"),
  },
  ({ status, raw }) => ({
    instead: (context) =>
      context.dialect.provider === "groq"
        ? refuse(context, { status })
        : refuse(context, {
            status,
            message: "Provider returned error",
            fields: { metadata: upstreamDetail(status, raw) },
          }),
  }),
);

/** OpenRouter's failure of availability, whose body has no `code`. */
const unavailable = defineFault(
  "unavailable",
  {
    code: z
      .enum([
        "capacity_exhausted",
        "temporarily_unavailable",
        "model_not_found",
        "no_endpoints",
        "model_deprecated",
        "region_restricted",
      ])
      .default("capacity_exhausted"),
    retryAfterSeconds: z.number().min(0).default(40),
  },
  ({ code, retryAfterSeconds }) => ({
    instead: ({ model }) => {
      const [http, type] = AVAILABILITY[code];
      const retryable = code === "capacity_exhausted" || code === "temporarily_unavailable";
      const error = {
        message: retryable
          ? `All providers for ${model} are at capacity. Retry after ${retryAfterSeconds} seconds.`
          : `No provider can serve ${model}.`,
        error_type: type,
        http_status: http,
        availability: {
          code,
          retryable,
          ...(retryable ? { retry_after: retryAfterSeconds } : {}),
          requested_models: [model],
          affected_providers: [PROVIDER_NAME],
          fallback_models: [`${model}-fallback`],
          docs_url: `https://openrouter.ai/docs/errors#${code}`,
        },
        metadata: { previous_errors: [{ provider: PROVIDER_NAME, code, status: http }] },
      };
      return jsonPlan(http, retryable ? { "retry-after": String(retryAfterSeconds) } : {}, { error });
    },
  }),
);

const AVAILABILITY = {
  capacity_exhausted: [429, "rate_limit_exceeded"],
  temporarily_unavailable: [503, "provider_overloaded"],
  model_not_found: [404, "not_found"],
  no_endpoints: [404, "not_found"],
  model_deprecated: [404, "not_found"],
  region_restricted: [403, "permission_denied"],
} as const;

/** A 403 because of what was asked: flagged by moderation, or by a guardrail of the account. */
const moderation = defineFault(
  "moderation",
  { by: z.enum(["moderation", "guardrail"]).default("moderation") },
  ({ by }) => ({
    instead: (context) =>
      by === "guardrail"
        ? refuse(context, {
            status: 403,
            message: "Request blocked: matched a pattern",
            fields: { metadata: { patterns: ["simulated"] } },
          })
        : refuse(context, {
            status: 403,
            message: "Request blocked: flagged by moderation",
            fields: {
              metadata: {
                reasons: ["simulated"],
                flagged_input: "…",
                provider_name: PROVIDER_NAME,
                model_slug: context.model,
              },
            },
          }),
  }),
);

const contextLength = defineFault("context_length", {}, () => ({
  instead: (context) =>
    context.dialect.provider === "groq"
      ? refuse(context, {
          status: 400,
          message: "Please reduce the length of the messages or completion.",
          fields: { code: "context_length_exceeded", param: "messages" },
        })
      : refuse(context, {
          status: 400,
          message:
            "This endpoint's maximum context length is 131072 tokens. However, you requested about 200000 tokens.",
          fields: { metadata: { error_type: "context_length_exceeded" } },
        }),
}));

/** Groq's 400 for text that is no valid JSON or tool call: an error of sampling, without usage. */
const failedGeneration = defineFault(
  "failed_generation",
  { code: z.enum(["json_validate_failed", "tool_use_failed"]).default("json_validate_failed") },
  ({ code }) => ({
    instead: (context) =>
      refuse(context, {
        status: 400,
        message:
          code === "json_validate_failed"
            ? "Failed to generate JSON. Please adjust your prompt. See 'failed_generation' for more details."
            : "Failed to call a function. Please adjust your prompt. See 'failed_generation' for more details.",
        fields: { code, failed_generation: '{"answer": ' },
      }),
  }),
);

/** HTTP 200 whose body is an error, or whose choice has one beside a part of the text. */
const errorInOk = defineFault(
  "error_in_ok",
  {
    place: z.enum(["body", "choice"]).default("body"),
    code: z.int().default(502),
    message: z.string().default("Provider returned error"),
  },
  ({ place, code, message }) => ({
    plan: (plan, draft, { dialect }) => {
      const error = {
        code,
        message,
        metadata: { error_type: code === 429 ? "rate_limit_exceeded" : "provider_unavailable" },
      };
      if (place === "body")
        return {
          ...jsonPlan(200, { "x-generation-id": draft.id }, { error, user_id: "user_simulation" }),
          failed: true,
        };
      const body = dialect.body({
        ...draft,
        finishReason: "error",
        tokens: draft.tokens?.slice(0, 2) ?? null,
      });
      const choices = Array.isArray(body["choices"]) ? body["choices"] : [];
      const withError = choices.map((choice: object) => ({ ...choice, error }));
      return {
        ...jsonPlan(200, { "x-generation-id": draft.id }, { ...body, choices: withError }),
        failed: true,
      };
    },
  }),
);

/** Refusals before a token, in a provider's own words. */
export const refusals = {
  status,
  rate_limit: rateLimit,
  upstream_error: upstreamError,
  unavailable,
  moderation,
  context_length: contextLength,
  failed_generation: failedGeneration,
  error_in_ok: errorInOk,
} as const;

function refuse({ dialect, model, now }: FaultContext, refusal: Refusal) {
  return dialect.refuse(refusal, { model, now });
}

function upstreamDetail(status: number, raw: "text" | "json_text" | "object") {
  const detail = { error: { message: "simulated failure upstream", code: status } };
  return {
    provider_name: PROVIDER_NAME,
    raw:
      raw === "text" ? "simulated failure upstream" : raw === "json_text" ? JSON.stringify(detail) : detail,
    error_type:
      status === 429
        ? "rate_limit_exceeded"
        : status === 503 || status === 529
          ? "provider_overloaded"
          : "provider_unavailable",
    provider_code: String(status),
  };
}
