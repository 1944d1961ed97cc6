import { cleanText } from "./clean-text.js";
import { asList, asObject, asText, type JsonObject, parseJson } from "./json.js";

/** What an error body says, whichever of the known shapes it has. */
export interface ErrorFacts {
  /** The HTTP status; inside a 200, the one that the error stands for. */
  readonly status: number;
  /** Fit to be shown; empty when there is none. */
  readonly message: string;
  /** Its codes and types, in lower case. */
  readonly codes: ReadonlySet<string>;
  /** Whether it names grounds of content: moderation or a guardrail. */
  readonly blocked: boolean;
  /** Whether it holds what the model wrote, which could not be used. */
  readonly generated: boolean;
  /** Whether the body was an error in JSON at all. */
  readonly understood: boolean;
  /** Whether the same request can succeed later, where the body says so. */
  readonly retryable?: boolean;
  /** Milliseconds to wait, as the body says. */
  readonly retryAfterMs?: number;
  /** Models that the provider suggests instead, by its own ids. */
  readonly suggested: readonly string[];
}

/** The status that a word for an error stands for, where no number is given. */
const statusOfWord: Readonly<Record<string, number>> = {
  context_length_exceeded: 400,
  max_tokens_exceeded: 400,
  token_limit_exceeded: 400,
  string_too_long: 400,
  invalid_request: 400,
  invalid_request_error: 400,
  invalid_prompt: 400,
  content_policy_violation: 403,
  refusal: 403,
  authentication: 401,
  invalid_api_key: 401,
  payment_required: 402,
  insufficient_quota: 402,
  permission_denied: 403,
  not_found: 404,
  model_not_found: 404,
  timeout: 504,
  payload_too_large: 413,
  unprocessable: 422,
  rate_limit_exceeded: 429,
  rate_limit_error: 429,
  capacity_exceeded: 498,
  server: 500,
  server_error: 500,
  internal_server_error: 500,
  provider_unavailable: 502,
  provider_overloaded: 503,
  overloaded_error: 503,
};

const unknownStatus = 502;
const brokeOff = "the provider broke its answer off";
const genericMessage = /^provider returned error\.?$/i;

/** Reads the body of an answer whose status is an error, or that is an error in spite of its status. */
export function errorFactsOf(status: number, body: string): ErrorFacts {
  const json = asObject(parseJson(body));
  const error = json?.["error"] ?? json?.["detail"] ?? json?.["message"];
  return json === undefined || error === undefined
    ? { ...nothingSaid, status: statusOf(status, []) }
    : readError(status, error, json);
}

const nothingSaid = {
  message: "",
  codes: new Set<string>(),
  blocked: false,
  generated: false,
  understood: false,
  suggested: [],
} as const satisfies Partial<ErrorFacts>;

/** Reads an error inside an answer whose status was 200. */
export function inBandFacts(error: unknown, around: JsonObject): ErrorFacts {
  const facts = readError(200, error, around);
  return facts.message === "" ? { ...facts, message: brokeOff } : facts;
}

function readError(status: number, value: unknown, around: JsonObject): ErrorFacts {
  const error = asObject(value) ?? {};
  const metadata = asObject(error["metadata"]) ?? {};
  const availability = asObject(error["availability"]) ?? {};
  const hints = [
    error["code"],
    error["http_status"],
    error["status"],
    error["error_type"],
    metadata["error_type"],
  ];
  hints.push(error["type"], availability["code"], metadata["provider_code"], around["type"]);
  const codes = hints.map((hint) => asText(hint).toLowerCase()).filter((code) => code !== "");
  const { retry_after: wait, retryable } = availability;
  return {
    status: statusOf(status, hints),
    message: messageOf(value, error, metadata),
    codes: new Set(codes),
    blocked:
      asList(metadata["reasons"]).length > 0 ||
      asList(metadata["patterns"]).length > 0 ||
      asText(metadata["flagged_input"]) !== "" ||
      codes.includes("content_policy_violation") ||
      codes.includes("refusal"),
    generated: asText(error["failed_generation"]) !== "",
    understood: true,
    suggested: asList(availability["fallback_models"]).map(asText).filter(isModel).slice(0, mostSuggested),
    ...(typeof retryable === "boolean" && { retryable }),
    ...(typeof wait === "number" && wait >= 0 && wait <= 86_400 && { retryAfterMs: Math.ceil(wait * 1000) }),
  };
}

const mostSuggested = 3;
const isModel = (name: string): boolean => /^[\w~][\w.:/@~-]{0,63}$/.test(name);

function statusOf(status: number, hints: readonly unknown[]): number {
  if (status < 200 || status >= 300) return status;
  for (const hint of hints) {
    const number = typeof hint === "string" && /^\d{3}$/.test(hint) ? Number(hint) : hint;
    if (typeof number === "number" && number >= 400 && number <= 599) return number;
    const known = typeof hint === "string" ? hint.toLowerCase() : "";
    if (Object.hasOwn(statusOfWord, known)) return statusOfWord[known] ?? unknownStatus;
  }
  return unknownStatus;
}

function messageOf(value: unknown, error: JsonObject, metadata: JsonObject): string {
  const message = cleanText(typeof value === "string" ? value : asText(error["message"]));
  if (message !== "" && !genericMessage.test(message)) return message;
  return cleanText(rawMessage(metadata["raw"])) || message;
}

/** What the provider behind OpenRouter said: text, JSON text, or an object. */
function rawMessage(raw: unknown): string {
  const object = asObject(typeof raw === "string" ? parseJson(raw) : raw);
  if (object === undefined) return asText(raw);
  const error = object["error"];
  return asText(object["message"]) || asText(error) || asText(asObject(error)?.["message"]);
}
