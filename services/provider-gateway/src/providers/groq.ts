import { parseGoDuration } from "@synod/upstream-http";
import type { CompletionEvent, Headers, ProviderCodec } from "./codec.js";
import { exceededLimitMs, groqLimits } from "./groq-limits.js";
import { groqPrice } from "./groq-prices.js";
import { groqFields, wantsSchema } from "./groq-request.js";
import { decide, noHeaders, type Rule, toProviderError } from "./openai-dialect/decide.js";
import { decodeAnswer } from "./openai-dialect/decode-chunk.js";
import { decodeModelPage } from "./openai-dialect/decode-models.js";
import { encodeCompletion } from "./openai-dialect/encode.js";
import { type ErrorFacts, errorFactsOf, inBandFacts } from "./openai-dialect/error-facts.js";
import { asObject, asText, type JsonObject } from "./openai-dialect/json.js";
import { verdicts } from "./openai-dialect/verdicts.js";
import type { ProviderError } from "./provider-error.js";

const dialect = {
  maxTokensField: "max_completion_tokens",
  asksForUsage: false,
  developerRole: "developer",
  takesReasoning: false,
} as const;

const rules: readonly Rule[] = [
  { code: ["json_validate_failed", "tool_use_failed"], means: verdicts.unusable },
  { status: [400], generated: true, means: verdicts.unusable },
  { status: [422], means: verdicts.unusable },
  // The account does not let this model be used (https://console.groq.com/docs/model-permissions); the key is good.
  {
    code: ["model_permission_blocked_org", "model_permission_blocked_project", "model_terms_required"],
    means: verdicts.unfit,
  },
];

/** Groq. It names no cost, so that is counted from `groq-prices.ts`. An answer is billed whole even if nobody waits. */
export const groq: ProviderCodec = {
  kind: "groq",
  encode(request, model, options) {
    const extra = groqFields(request, options);
    return encodeCompletion(request, model, dialect, extra, { whole: wantsSchema(request) });
  },
  decodeChunk(json): readonly CompletionEvent[] {
    const own = asObject(asObject(json)?.["x_groq"]);
    const stopped = asText(own?.["error"]);
    if (own !== undefined && stopped !== "") return [{ type: "failed", error: inBandError(stopped, own) }];
    return decodeAnswer(json, inBandError, own?.["usage"]);
  },
  decodeError(status, headers, body) {
    const facts = errorFactsOf(status, body);
    return toProviderError(facts, decide(facts, headers, rules), headers, waitOf(facts, headers));
  },
  decodeModels: (json) => decodeModelPage(json, groqPrice),
  priceOf: groqPrice,
  decodeLimits: groqLimits,
  toldHeaders: () => ({}),
  billsUntilLeft: false,
  generations: null,
};

function inBandError(error: unknown, around: JsonObject): ProviderError {
  const facts = inBandFacts(error, around);
  return toProviderError(facts, decide(facts, noHeaders, rules), noHeaders);
}

/** The wait that Groq names when there is no `retry-after`: in its text, else until its limit resets. */
function waitOf(facts: ErrorFacts, headers: Headers): number | undefined {
  if (facts.status !== 429) return undefined;
  const [, inText = ""] = /try again in ([\dhmsµun.]+?)\.?(?:\s|$)/.exec(facts.message) ?? [];
  return parseGoDuration(inText) ?? exceededLimitMs(headers);
}
