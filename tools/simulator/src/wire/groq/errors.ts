import type { Refusal } from "../dialect.js";
import { jsonPlan } from "../plan.js";
import type { Plan } from "../plan.js";
import type { CompletionRequest, RequestProblem } from "../request.js";
import { retryHeaders } from "../retry-headers.js";

type Usual = { readonly message: string; readonly type: string; readonly code?: string };

const USUAL: Readonly<Record<number, Usual>> = {
  400: { message: "Invalid request", type: "invalid_request_error" },
  401: { message: "Invalid API Key", type: "invalid_request_error", code: "invalid_api_key" },
  403: { message: "Access denied. Please check your network settings.", type: "permission" },
  404: { message: "Not found", type: "invalid_request_error" },
  408: { message: "Request timed out", type: "invalid_request_error" },
  422: { message: "Semantic error in the request", type: "invalid_request_error" },
  424: { message: "Failed dependency", type: "invalid_request_error" },
  498: {
    message: "Flex tier capacity exceeded, please try again later",
    type: "capacity_exceeded",
    code: "capacity_exceeded",
  },
  499: { message: "Request cancelled", type: "invalid_request_error" },
  500: { message: "Internal Server Error", type: "internal_server_error" },
  502: { message: "Bad Gateway", type: "internal_server_error" },
  503: { message: "Service Unavailable", type: "internal_server_error" },
};

const ORGANISATION = "org_simulation";

/** Groq's refusal with its usual message for the status. `fields` replaces fields of the error. */
export function groqRefusal(refusal: Refusal, model: string, now: number): Plan {
  const { status, hint } = refusal;
  const usual =
    status === 429
      ? tooMany(model, hint?.seconds ?? 1.3275)
      : status === 413
        ? tooLarge(model)
        : USUAL[status];
  const error = {
    ...(usual ?? { message: "Error", type: "internal_server_error" }),
    ...(refusal.message === undefined ? {} : { message: refusal.message }),
    ...refusal.fields,
  };
  const exhausted = status === 429 ? { "x-ratelimit-remaining-tokens": "0" } : {};
  const headers = {
    ...exhausted,
    ...(hint === undefined ? {} : retryHeaders(hint, "groq", now)),
    ...refusal.headers,
  };
  return jsonPlan(status, headers, { error });
}

/** What is wrong with a body. */
export function groqInvalid({ path, message }: RequestProblem): Plan {
  return refused400(`'${path === "" ? "body" : path}' : ${message}`);
}

/** The answer to an id of a model that does not exist. */
export function groqMissingModel(model: string): Plan {
  const error = {
    message: `The model \`${model}\` does not exist or you do not have access to it.`,
    type: "invalid_request_error",
    code: "model_not_found",
  };
  return jsonPlan(404, {}, { error });
}

/** What Groq refuses though OpenAI accepts it: log probabilities, logit_bias, names in messages, more than one choice. */
export function groqUnsupported(body: unknown, { messages }: CompletionRequest): Plan | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const fields = body as Readonly<Record<string, unknown>>;
  const given = (name: string) => fields[name] !== undefined && fields[name] !== null;
  for (const name of ["logprobs", "top_logprobs", "logit_bias"]) {
    if (given(name)) return refused400(`property '${name}' is unsupported`);
  }
  if (given("n") && fields["n"] !== 1) return refused400("'n' : number must be at most 1");
  if (Array.isArray(fields["tools"]) && fields["tools"].length > 128) {
    return refused400("'tools' : maximum number of items is 128");
  }
  const named = Array.isArray(fields["messages"])
    ? fields["messages"].findIndex((message: unknown) => hasName(message))
    : -1;
  if (named < 0) return undefined;
  const role = messages[named]?.role ?? "user";
  return refused400(
    `'messages.${named}' : for 'role:${role}' the following must be satisfied[('messages.${named}' : property 'name' is unsupported)]`,
  );
}

/** Groq's 404 of a route. */
export function groqUnknownUrl(method: string, path: string): Plan {
  const message = `Unknown request URL: ${method} ${path}. Please check the URL for typos, or see the docs at https://console.groq.com/docs/`;
  return jsonPlan(404, {}, { error: { message, type: "invalid_request_error", code: "unknown_url" } });
}

function hasName(message: unknown): boolean {
  return typeof message === "object" && message !== null && "name" in message && message.name !== undefined;
}

function refused400(message: string): Plan {
  return jsonPlan(400, {}, { error: { message, type: "invalid_request_error" } });
}

function tooMany(model: string, seconds: number): Usual {
  return {
    message:
      `Rate limit reached for model \`${model}\` in organization \`${ORGANISATION}\` service tier \`on_demand\` on tokens per minute (TPM): ` +
      `Limit 8000, Used 5420, Requested 2757. Please try again in ${seconds}s. Need more tokens? Upgrade to Dev Tier today at https://console.groq.com/settings/billing`,
    type: "tokens",
    code: "rate_limit_exceeded",
  };
}

function tooLarge(model: string): Usual {
  return {
    message:
      `Request too large for model \`${model}\` in organization \`${ORGANISATION}\` service tier \`on_demand\` on tokens per minute (TPM): ` +
      "Limit 12000, Requested 13409, please reduce your message size and try again.",
    type: "tokens",
    code: "rate_limit_exceeded",
  };
}
