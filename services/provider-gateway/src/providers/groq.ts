import type { CompletionRequest } from "@synod/contracts/provider";
import { parseGoDuration } from "@synod/upstream-http";
import type { CompletionEvent, Headers, ProviderCodec } from "./codec.js";
import { groqPrice } from "./groq-prices.js";
import { decide, type Decision, noHeaders, toProviderError } from "./openai-dialect/decide.js";
import { decodeChat } from "./openai-dialect/decode-chunk.js";
import { decodeModelPage } from "./openai-dialect/decode-models.js";
import { encodeChat, extraFields } from "./openai-dialect/encode.js";
import { type ErrorFacts, errorFactsOf, inBandFacts } from "./openai-dialect/error-facts.js";
import { asObject, asText } from "./openai-dialect/json.js";
import { invalidRequest, type ProviderError } from "./provider-error.js";

const dialect = { maxTokensField: "max_completion_tokens", asksForUsage: false } as const;
const refusedFields = ["logprobs", "logit_bias", "top_logprobs"] as const;
const mostTools = 128;

/** Groq. It names no cost, so that is counted from `groq-prices.ts`. */
export const groq: ProviderCodec = {
  kind: "groq",
  encode(request, model) {
    refuseWhatGroqRefuses(request);
    return encodeChat(request, model, dialect);
  },
  decodeChunk(json): readonly CompletionEvent[] {
    const own = asObject(asObject(json)?.["x_groq"]);
    const stopped = asText(own?.["error"]);
    if (own !== undefined && stopped !== "") return [{ type: "failed", error: inBandError(stopped, own) }];
    return decodeChat(json, inBandError);
  },
  decodeError(status, headers, body) {
    const facts = errorFactsOf(status, body);
    return toProviderError(facts, decideHere(facts), headers, waitOf(facts, headers));
  },
  decodeModels: (json) => decodeModelPage(json, groqPrice),
  priceOf: groqPrice,
};

function inBandError(error: unknown, around: Readonly<Record<string, unknown>>): ProviderError {
  const facts = inBandFacts(error, around);
  return toProviderError(facts, decideHere(facts), noHeaders);
}

/** Another provider may accept it, so it may be asked instead. */
function refuseWhatGroqRefuses(request: CompletionRequest): void {
  if (request.messages.some((message) => message.name !== "")) {
    throw invalidRequest("messages: Groq accepts no `name`", "other_provider");
  }
  const extra = extraFields(request.extraJson);
  for (const field of refusedFields) {
    if (Object.hasOwn(extra, field))
      throw invalidRequest(`${field}: Groq does not accept it`, "other_provider");
  }
  const tools = extra["tools"];
  if (Array.isArray(tools) && tools.length > mostTools) {
    throw invalidRequest(`tools: Groq accepts at most ${mostTools}`, "other_provider");
  }
}

function decideHere(facts: ErrorFacts): Decision {
  const { status, codes } = facts;
  // The model wrote what Groq could not use: another sampling may do.
  const sampling = codes.has("json_validate_failed") || codes.has("tool_use_failed") || status === 422;
  if (sampling) return { reason: "upstream_rejected", retryable: true, failOver: "any", generated: true };
  return decide(facts);
}

/** The wait that Groq names when there is no `retry-after`: in its text, else until the limit that is used up resets. */
function waitOf(facts: ErrorFacts, headers: Headers): number | undefined {
  if (facts.status !== 429) return undefined;
  const [, inText = ""] = /try again in ([\dhmsµun.]+?)\.?(?:\s|$)/.exec(facts.message) ?? [];
  const named = parseGoDuration(inText);
  if (named !== undefined) return named;
  for (const what of ["tokens", "requests"] as const) {
    if (headers(`x-ratelimit-remaining-${what}`) === "0") {
      return parseGoDuration(headers(`x-ratelimit-reset-${what}`) ?? "");
    }
  }
  return undefined;
}
