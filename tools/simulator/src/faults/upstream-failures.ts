import { z } from "zod";
import { PROVIDER_NAME } from "../wire/fingerprint.js";
import { jsonPlan } from "../wire/plan.js";
import { defineFault } from "./definition.js";
import { refuse, upstreamDetail } from "./provider-errors.js";

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

/** Failures of what is behind a provider. */
export const upstreamFailures = {
  upstream_error: upstreamError,
  unavailable,
  error_in_ok: errorInOk,
} as const;
