import type { Refusal } from "../dialect.js";
import { jsonPlan } from "../plan.js";
import type { Plan } from "../plan.js";
import type { RequestProblem } from "../request.js";
import { retryHeaders } from "../retry-headers.js";

/** `[message, error_type]` by status. */
const USUAL: Readonly<Record<number, readonly [message: string, type: string]>> = {
  400: ["Invalid request parameters", "invalid_request"],
  401: ["Missing Authentication header", "authentication"],
  402: ["Insufficient credits. Add more using https://openrouter.ai/credits", "payment_required"],
  403: ["Only management keys can perform this operation", "permission_denied"],
  404: ["Resource not found", "not_found"],
  408: ["Operation timed out. Please try again later.", "timeout"],
  413: ["Request payload too large", "payload_too_large"],
  422: ["Invalid argument", "unprocessable"],
  429: ["Rate limit exceeded", "rate_limit_exceeded"],
  500: ["Internal Server Error", "server"],
  502: ["Provider returned error", "provider_unavailable"],
  503: ["Service temporarily unavailable", "provider_overloaded"],
  504: ["Request timed out. Please try again later.", "timeout"],
  524: ["Request timed out. Please try again later.", "timeout"],
  529: ["Provider returned error", "provider_overloaded"],
};

/** OpenRouter's refusal with its usual message for the status. `fields` replaces `metadata` and other fields of the error. */
export function openrouterRefusal(refusal: Refusal, now: number): Plan {
  const { status, hint } = refusal;
  const [message, type] = USUAL[status] ?? ["Error", "unmapped"];
  const error = {
    code: status,
    message: refusal.message ?? message,
    metadata: { error_type: type },
    ...refusal.fields,
  };
  const headers = {
    ...(hint === undefined ? {} : retryHeaders(hint, "openrouter", now)),
    ...refusal.headers,
  };
  return jsonPlan(status, headers, { error, ...(status < 500 ? { user_id: "user_simulation" } : {}) });
}

/** What is wrong with a body. */
export function openrouterInvalid({ path, message }: RequestProblem): Plan {
  const error = {
    code: 400,
    message: `Invalid request parameters: ${path === "" ? "body" : path}: ${message}`,
    metadata: { error_type: "invalid_request" },
  };
  return jsonPlan(400, {}, { error });
}

/** The answer to an id of a model that does not exist. */
export function openrouterMissingModel(model: string): Plan {
  return jsonPlan(
    400,
    {},
    { error: { code: 400, message: `${model} is not a valid model ID` }, user_id: "user_simulation" },
  );
}
