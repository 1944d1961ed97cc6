import type { Headers, ProviderCodec } from "./codec.js";
import { decide, type Decision, noHeaders, toProviderError } from "./openai-dialect/decide.js";
import { decodeChat } from "./openai-dialect/decode-chunk.js";
import { decodeModelPage } from "./openai-dialect/decode-models.js";
import { encodeChat } from "./openai-dialect/encode.js";
import { type ErrorFacts, errorFactsOf, inBandFacts } from "./openai-dialect/error-facts.js";

const dialect = { maxTokensField: "max_tokens", asksForUsage: false } as const;
const priceOf = (): null => null;
/** Above it a time is in milliseconds since 1970, else in seconds. */
const firstMilliseconds = 1e12;
const longestWaitMs = 24 * 3_600_000;

/** OpenRouter. Usage comes unasked, with the cost; prices are in its list of models. */
export const openrouter: ProviderCodec = {
  kind: "openrouter",
  encode: (request, model) => encodeChat(request, model, dialect),
  decodeChunk: (json) =>
    decodeChat(json, (error, around) => {
      const facts = inBandFacts(error, around);
      return toProviderError(facts, decideHere(facts, noHeaders), noHeaders);
    }),
  decodeError(status, headers, body) {
    const facts = errorFactsOf(status, body);
    return toProviderError(facts, decideHere(facts, headers), headers, waitUntilReset(headers, Date.now()));
  },
  decodeModels: (json) => decodeModelPage(json, priceOf),
  priceOf,
};

function decideHere(facts: ErrorFacts, headers: Headers): Decision {
  const { status, codes, message } = facts;
  if (codes.has("region_restricted") || codes.has("privacy_restricted") || codes.has("constraint_filtered")) {
    return { reason: "upstream_rejected", retryable: false, failOver: "any" };
  }
  // Models are there, but none that can do what the request asks for.
  if (status === 404 && /^no endpoints found that/i.test(message)) {
    return { reason: "upstream_rejected", retryable: false, failOver: "any" };
  }
  if (status === 403 && /moderation|flagged|request blocked/i.test(message)) {
    return { reason: "refused", retryable: false, failOver: "none" };
  }
  // Its own limit holds for every model behind the key; a limit of one of its providers does not.
  if (status === 429 && headers("x-ratelimit-limit") !== undefined) {
    return { reason: "rate_limit_exceeded", retryable: true, failOver: "other_provider" };
  }
  return decide(facts);
}

/** Milliseconds until `X-RateLimit-Reset`, which is in seconds or milliseconds since 1970. */
function waitUntilReset(headers: Headers, now: number): number | undefined {
  const reset = Number(headers("x-ratelimit-reset") ?? Number.NaN);
  if (!(reset > 0)) return undefined;
  const wait = (reset > firstMilliseconds ? reset : reset * 1000) - now;
  return Math.min(Math.max(Math.ceil(wait), 0), longestWaitMs);
}
