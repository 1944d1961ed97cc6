import type { ProviderCodec } from "./codec.js";
import { asObject } from "./openai-dialect/json.js";
import { readUsage } from "./openai-dialect/usage.js";

/** OpenRouter says of every call afterwards what it used, in its model's own tokens, and what it cost. */
export const generations: NonNullable<ProviderCodec["generations"]> = {
  idOf: (headers) => headers("x-generation-id") ?? "",
  pathOf: (id) => `/generation?id=${encodeURIComponent(id)}`,
  decode(json) {
    const data = asObject(asObject(json)?.["data"]);
    const usage = readUsage(
      data && {
        prompt_tokens: data["native_tokens_prompt"],
        completion_tokens: data["native_tokens_completion"],
        prompt_tokens_details: { cached_tokens: data["native_tokens_cached"] },
        completion_tokens_details: { reasoning_tokens: data["native_tokens_reasoning"] },
        cost: data["total_cost"] ?? data["usage"],
        is_byok: data["is_byok"],
        cost_details: { upstream_inference_cost: data["upstream_inference_cost"] },
      },
    );
    return usage === null ? null : { usage };
  },
};
