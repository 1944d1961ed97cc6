/** What calls used and cost. Counts are whole tokens. */
export interface Usage {
  /** Tokens read, the cached ones included. */
  readonly inputTokens: number;
  /** Tokens written, the reasoning ones included. */
  readonly outputTokens: number;
  readonly cachedInputTokens: number;
  readonly reasoningTokens: number;
  /** Billionths of a US dollar, a whole number; null when no price is known. */
  readonly costUsdNanos: number | null;
  /** Whether the provider's own figures were missing or absurd. */
  readonly estimated: boolean;
}

/** Nothing used, nothing paid. */
export const noUsage: Usage = {
  inputTokens: 0,
  outputTokens: 0,
  cachedInputTokens: 0,
  reasoningTokens: 0,
  costUsdNanos: 0,
  estimated: false,
};

/** What is known of a call that was started and of which nothing more was heard. */
export const unknownUsage: Usage = { ...noUsage, costUsdNanos: null, estimated: true };

/** What was spent on calls that gave nothing. */
export interface Spent {
  readonly usage: Usage;
  /** Upstream calls that were started, 1 or more. */
  readonly attempts: number;
}

/** The sum of two usages. Its cost is null when one of them is. */
export function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cachedInputTokens: a.cachedInputTokens + b.cachedInputTokens,
    reasoningTokens: a.reasoningTokens + b.reasoningTokens,
    costUsdNanos: a.costUsdNanos === null || b.costUsdNanos === null ? null : a.costUsdNanos + b.costUsdNanos,
    estimated: a.estimated || b.estimated,
  };
}
