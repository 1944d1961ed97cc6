import type { Draft } from "../draft.js";
import { PROVIDER_NAME } from "../fingerprint.js";

/** OpenRouter's `usage`, or nothing when a fault leaves it out. */
export function openrouterUsage({ usage }: Draft): Record<string, unknown> | undefined {
  if (usage.replaced === "missing") return undefined;
  return {
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    total_tokens: usage.promptTokens + usage.completionTokens,
    cost: dollars(usage.promptCost + usage.completionCost),
    is_byok: false,
    cost_details: {
      upstream_inference_cost: null,
      upstream_inference_prompt_cost: dollars(usage.promptCost),
      upstream_inference_completions_cost: dollars(usage.completionCost),
    },
    prompt_tokens_details: { cached_tokens: usage.cachedTokens },
    completion_tokens_details: { reasoning_tokens: 0 },
    ...usage.replaced,
  };
}

/** `openrouter_metadata`, when the client opted in. */
export function openrouterMetadata(draft: Draft): Record<string, unknown> {
  if (!draft.metadata) return {};
  return {
    openrouter_metadata: {
      requested: draft.requestedModel,
      strategy: "direct",
      region: null,
      summary: `${draft.model} by ${PROVIDER_NAME}`,
      attempt: 1,
      is_byok: false,
      endpoints: { total: 1, available: [{ provider: PROVIDER_NAME, model: draft.model, selected: true }] },
    },
  };
}

function dollars(value: number): number {
  return value === 0 ? 0 : Number(value.toFixed(12));
}
