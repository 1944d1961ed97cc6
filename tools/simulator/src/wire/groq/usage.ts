import type { Draft } from "../draft.js";

/** Groq's `usage` with its times in seconds, or nothing when a fault leaves it out. */
export function groqUsage({ usage }: Draft): Record<string, unknown> | undefined {
  if (usage.replaced === "missing") return undefined;
  return {
    queue_time: seconds(usage.queueTime),
    prompt_tokens: usage.promptTokens,
    prompt_time: seconds(usage.promptTime),
    completion_tokens: usage.completionTokens,
    completion_time: seconds(usage.completionTime),
    total_tokens: usage.promptTokens + usage.completionTokens,
    total_time: seconds(usage.promptTime + usage.completionTime),
    ...(usage.cachedTokens > 0 ? { prompt_tokens_details: { cached_tokens: usage.cachedTokens } } : {}),
    ...usage.replaced,
  };
}

function seconds(value: number): number {
  return Number(value.toFixed(9));
}
