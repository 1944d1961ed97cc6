import type { ProviderCodec } from "./codec.js";
import { decide, noHeaders, type Rule, toProviderError } from "./openai-dialect/decide.js";
import { decodeAnswer } from "./openai-dialect/decode-chunk.js";
import { decodeModelPage } from "./openai-dialect/decode-models.js";
import { encodeCompletion } from "./openai-dialect/encode.js";
import { errorFactsOf, inBandFacts } from "./openai-dialect/error-facts.js";
import { verdicts } from "./openai-dialect/verdicts.js";
import { generations } from "./openrouter-generation.js";
import { callersHeaders, toldHeaders } from "./openrouter-headers.js";
import { openrouterLimits, waitUntilReset } from "./openrouter-limits.js";

const dialect = {
  maxTokensField: "max_tokens",
  asksForUsage: false,
  developerRole: "developer",
  takesReasoning: true,
} as const;
const priceOf = (): null => null;

const rules: readonly Rule[] = [
  // Models are there, but none that may do, or can do, what the request asks for.
  { code: ["region_restricted", "privacy_restricted", "constraint_filtered"], means: verdicts.unfit },
  {
    status: [404],
    says: /^no (allowed providers|endpoints found (that|matching))/i,
    means: verdicts.unfit,
  },
  { status: [403], says: /moderation|flagged|request blocked/i, means: verdicts.refused },
  // Its own limit holds for every model behind the key; a limit of one of its providers does not.
  {
    status: [429],
    header: ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"],
    means: verdicts.keyLimited,
  },
];

/**
 * OpenRouter. Usage comes unasked, with the cost; prices are in its list of models.
 *
 * Leaving a stream ends the bill with most of the providers behind it (OpenAI, Azure, Anthropic, Together); Groq,
 * Bedrock, Google and Mistral bill the whole answer all the same, and which one answers is its choice. So
 * `billsUntilLeft` is the likely case; what a call did cost is asked of `GET /generation`.
 */
export const openrouter: ProviderCodec = {
  kind: "openrouter",
  encode(request, model) {
    const wire = encodeCompletion(request, model, dialect);
    return { ...wire, headers: { ...callersHeaders(request), ...wire.headers } };
  },
  decodeChunk: (json) =>
    decodeAnswer(json, (error, around) => {
      const facts = inBandFacts(error, around);
      return toProviderError(facts, decide(facts, noHeaders, rules), noHeaders);
    }),
  decodeError(status, headers, body) {
    const facts = errorFactsOf(status, body);
    const wait = waitUntilReset(headers, Date.now());
    return toProviderError(facts, decide(facts, headers, rules), headers, wait);
  },
  decodeModels: (json) => decodeModelPage(json, priceOf),
  priceOf,
  decodeLimits: (headers) => openrouterLimits(headers, Date.now()),
  toldHeaders,
  billsUntilLeft: true,
  generations,
};
