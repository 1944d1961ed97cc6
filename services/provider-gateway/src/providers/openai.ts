import type { ProviderCodec } from "./codec.js";
import { decide, noHeaders, toProviderError } from "./openai-dialect/decide.js";
import { decodeAnswer } from "./openai-dialect/decode-chunk.js";
import { decodeModelPage } from "./openai-dialect/decode-models.js";
import { encodeCompletion } from "./openai-dialect/encode.js";
import { errorFactsOf, inBandFacts } from "./openai-dialect/error-facts.js";

/**
 * `developer` is sent as `system`: OpenAI takes both for the same, and servers whose models have chat templates of their
 * own refuse the former ("Unexpected message role").
 */
const dialect = {
  maxTokensField: "max_tokens",
  asksForUsage: true,
  developerRole: "system",
  takesReasoning: false,
} as const;
const priceOf = (): null => null;

/** Any server that speaks OpenAI's chat completions: Ollama, LM Studio, llama.cpp, vLLM and others. */
export const openai: ProviderCodec = {
  kind: "openai",
  encode: (request, model) => encodeCompletion(request, model, dialect),
  decodeChunk: (json) =>
    decodeAnswer(json, (error, around) => {
      const facts = inBandFacts(error, around);
      return toProviderError(facts, decide(facts, noHeaders), noHeaders);
    }),
  decodeError(status, headers, body) {
    const facts = errorFactsOf(status, body);
    return toProviderError(facts, decide(facts, headers), headers);
  },
  decodeModels: (json) => decodeModelPage(json, priceOf),
  priceOf,
  decodeLimits: () => null,
  toldHeaders: () => ({}),
  billsUntilLeft: true,
  generations: null,
};
