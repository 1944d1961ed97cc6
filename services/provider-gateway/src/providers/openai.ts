import type { ProviderCodec } from "./codec.js";
import { decide, noHeaders, toProviderError } from "./openai-dialect/decide.js";
import { decodeChat } from "./openai-dialect/decode-chunk.js";
import { decodeModelPage } from "./openai-dialect/decode-models.js";
import { encodeChat } from "./openai-dialect/encode.js";
import { errorFactsOf, inBandFacts } from "./openai-dialect/error-facts.js";

const dialect = { maxTokensField: "max_tokens", asksForUsage: true } as const;
const priceOf = (): null => null;

/** Any server that speaks OpenAI's chat completions: Ollama, LM Studio, llama.cpp, vLLM and others. */
export const openai: ProviderCodec = {
  kind: "openai",
  encode: (request, model) => encodeChat(request, model, dialect),
  decodeChunk: (json) =>
    decodeChat(json, (error, around) => {
      const facts = inBandFacts(error, around);
      return toProviderError(facts, decide(facts), noHeaders);
    }),
  decodeError(status, headers, body) {
    const facts = errorFactsOf(status, body);
    return toProviderError(facts, decide(facts), headers);
  },
  decodeModels: (json) => decodeModelPage(json, priceOf),
  priceOf,
};
