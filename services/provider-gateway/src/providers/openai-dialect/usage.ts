import type { ReportedUsage, TokenCounts } from "../codec.js";
import { asObject } from "./json.js";

/** More tokens than any model reads or writes in one call. */
const mostTokens = 1_000_000_000;
/** More US dollars than any one call costs. */
const mostUsd = 10_000;
const nanosPerUsd = 1e9;

/** Reads OpenAI's `usage` with OpenRouter's `cost`; null when there is none. */
export function readUsage(json: unknown): ReportedUsage | null {
  const usage = asObject(json);
  if (usage === undefined) return null;
  const [input, output] = [countOf(usage["prompt_tokens"]), countOf(usage["completion_tokens"])];
  const cost = costUsd(usage["cost"]);
  if (input === undefined && output === undefined && cost === undefined) return null;
  const total = countOf(usage["total_tokens"]);
  const sum = typeof input === "number" && typeof output === "number" ? input + output : undefined;
  return {
    tokens: tokensOf(input, output, usage),
    costUsdNanos: typeof cost === "number" ? Math.round(cost * nanosPerUsd) : null,
    doubtful: cost === null || typeof sum !== "number" || (total !== undefined && total !== sum),
  };
}

function tokensOf(
  input: number | null | undefined,
  output: number | null | undefined,
  usage: Readonly<Record<string, unknown>>,
): TokenCounts | null {
  if (typeof input !== "number" || typeof output !== "number") return null;
  const cached = countOf(asObject(usage["prompt_tokens_details"])?.["cached_tokens"]) ?? 0;
  const reasoning = countOf(asObject(usage["completion_tokens_details"])?.["reasoning_tokens"]) ?? 0;
  return { input, output, cachedInput: Math.min(cached, input), reasoning: Math.min(reasoning, output) };
}

/** A count of tokens; undefined when there is none, null when it is absurd. */
function countOf(value: unknown): number | null | undefined {
  if (value === undefined || value === null) return undefined;
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= mostTokens
    ? Number(value)
    : null;
}

/** A cost; undefined when there is none, null when it is absurd. */
function costUsd(value: unknown): number | null | undefined {
  if (value === undefined || value === null) return undefined;
  const usd = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof usd === "number" && usd >= 0 && usd <= mostUsd ? usd : null;
}
