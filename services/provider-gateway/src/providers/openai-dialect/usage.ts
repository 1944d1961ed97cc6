import { usdNanos } from "../../models/price.js";
import type { ReportedUsage, TokenCounts } from "../codec.js";
import { asObject, type JsonObject } from "./json.js";

/** More tokens than any model reads or writes in one call. */
const mostTokens = 1_000_000_000;
/** More than any one call costs: 10,000 US dollars. */
const mostUsdNanos = 10_000_000_000_000;

/** A figure of a provider: undefined when there is none, null when it is absurd. */
type Figure = number | null | undefined;

/**
 * Reads OpenAI's `usage` with OpenRouter's `cost`; null when there is none. A call that OpenRouter made with a key of the
 * account's own (`is_byok`) costs what OpenRouter takes and what the provider behind it takes
 * (`cost_details.upstream_inference_cost`).
 */
export function readUsage(json: unknown): ReportedUsage | null {
  const usage = asObject(json);
  if (usage === undefined) return null;
  const [input, output] = [countOf(usage["prompt_tokens"]), countOf(usage["completion_tokens"])];
  const cost = costOf(usage);
  if (input === undefined && output === undefined && cost === undefined) return null;
  const cached = countOf(asObject(usage["prompt_tokens_details"])?.["cached_tokens"]);
  const reasoning = countOf(asObject(usage["completion_tokens_details"])?.["reasoning_tokens"]);
  const total = countOf(usage["total_tokens"]);
  const tokens = tokensOf(input, output, cached, reasoning);
  return {
    tokens,
    costUsdNanos: cost ?? null,
    doubtful:
      tokens === null ||
      [cost, cached, reasoning, total].includes(null) ||
      (cached ?? 0) > tokens.input ||
      (reasoning ?? 0) > tokens.output ||
      (total !== undefined && total !== tokens.input + tokens.output),
  };
}

function tokensOf(input: Figure, output: Figure, cached: Figure, reasoning: Figure): TokenCounts | null {
  if (typeof input !== "number" || typeof output !== "number") return null;
  const [cachedInput, hidden] = [Math.min(cached ?? 0, input), Math.min(reasoning ?? 0, output)];
  return { input, output, cachedInput, reasoning: hidden };
}

function countOf(value: unknown): Figure {
  if (value === undefined || value === null) return undefined;
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= mostTokens
    ? Number(value)
    : null;
}

/** In billionths of a US dollar. */
function costOf(usage: JsonObject): Figure {
  const cost = nanosOf(usage["cost"]);
  if (usage["is_byok"] !== true || typeof cost !== "number") return cost;
  const upstream = nanosOf(asObject(usage["cost_details"])?.["upstream_inference_cost"]);
  return typeof upstream === "number" ? cost + upstream : null;
}

function nanosOf(value: unknown): Figure {
  if (value === undefined || value === null) return undefined;
  const nanos = usdNanos(value);
  return nanos !== null && nanos <= mostUsdNanos ? Number(nanos) : null;
}
