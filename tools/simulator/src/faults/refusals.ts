import { z } from "zod";
import { PROVIDER_NAME } from "../wire/fingerprint.js";
import type { Step } from "../wire/plan.js";
import { defineFault, hintSchema } from "./definition.js";
import { refuse, upstreamDetail } from "./provider-errors.js";
import { chained, untilTokens, withSteps } from "./steps.js";

const status = defineFault(
  "status",
  {
    status: z.int().min(400).max(599),
    message: z.string().optional(),
    hint: hintSchema,
    /** Replaces fields of the error, such as `code` or `metadata`. */
    fields: z.record(z.string(), z.unknown()).optional(),
    headers: z.record(z.string(), z.string()).optional(),
    /** Half of it may be all that comes: then there is silence, or a TCP reset. */
    body: z.enum(["whole", "stalls", "breaks"]).default("whole"),
  },
  ({ status, message, hint, fields, headers, body }) => ({
    instead: (context) => {
      const plan = refuse(context, {
        status,
        ...(message === undefined ? {} : { message }),
        ...(hint === undefined ? {} : { hint }),
        ...(fields === undefined ? {} : { fields }),
        ...(headers === undefined ? {} : { headers }),
      });
      if (body === "whole") return plan;
      const ending: Step = { do: body === "stalls" ? "hang" : "reset" };
      return withSteps(plan, chained(untilTokens(plan.steps, 0), [ending]));
    },
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

/** Refusals before a token, in the provider's own words. */
export const refusals = {
  status,
  rate_limit: rateLimit,
  moderation,
  context_length: contextLength,
  failed_generation: failedGeneration,
} as const;
