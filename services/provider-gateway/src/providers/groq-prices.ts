import { type Price, priceFromUsdPerMillion } from "../models/price.js";

/**
 * US dollars per million tokens: read, written. A model that is not here has no known price.
 *
 * Gathered from public lists, the newest of 2026-06-22. Prices age: compare with https://groq.com/pricing, and change
 * them here.
 */
const usdPerMillion: Readonly<Record<string, readonly [input: string, output: string]>> = {
  "llama-3.1-8b-instant": ["0.05", "0.08"],
  "llama-3.3-70b-versatile": ["0.59", "0.79"],
  "meta-llama/llama-4-maverick-17b-128e-instruct": ["0.20", "0.60"],
  "meta-llama/llama-4-scout-17b-16e-instruct": ["0.11", "0.34"],
  "meta-llama/llama-guard-4-12b": ["0.20", "0.20"],
  "moonshotai/kimi-k2-instruct-0905": ["1.00", "3.00"],
  "openai/gpt-oss-120b": ["0.15", "0.60"],
  "openai/gpt-oss-20b": ["0.075", "0.30"],
  "openai/gpt-oss-safeguard-20b": ["0.075", "0.30"],
  "qwen/qwen3.6-27b": ["0.60", "3.00"],
  "qwen/qwen3-32b": ["0.29", "0.59"],
};

const prices: ReadonlyMap<string, Price | null> = new Map(
  Object.entries(usdPerMillion).map(([model, [input, output]]) => [
    model,
    priceFromUsdPerMillion(input, output),
  ]),
);

/** What a model of Groq costs at list price, without discounts for cached tokens; null when it is not in the table. */
export function groqPrice(model: string): Price | null {
  return prices.get(model) ?? null;
}
