import type { Preset } from "./schema/preset.js";

/**
 * The presets that come with Synod. Lists of models age: this file is the place to change them.
 *
 * - No model of OpenAI's is in them.
 * - The aggregator and the judge are of families that no member is of, so that nobody judges a relative.
 * - What a run costs can be foretold: each asks its members once, its aggregator once and its judge once. The judge
 *   annotates: the answer does not wait for the verdict and is never made again. A request that wants wrong answers to
 *   be made again says `"consensus": { "judge": { "mode": "gate" } }`; one that wants no verdict says `"off"`.
 * - `max_tokens` bounds a bill; a request's own `max_tokens` replaces it.
 */
export const shippedPresets: Readonly<Record<"fast" | "broad" | "mixed" | "simulation", Preset>> = {
  // Groq alone: the quickest. Its lists hold few families, so the members are relatives.
  fast: {
    members: [
      { model: "groq/llama-3.3-70b-versatile", max_tokens: 1024, family: "meta-llama" },
      { model: "groq/meta-llama/llama-4-scout-17b-16e-instruct", max_tokens: 1024 },
      { model: "groq/llama-3.1-8b-instant", max_tokens: 1024, family: "meta-llama" },
    ],
    aggregation: { strategy: "synthesis", model: "groq/moonshotai/kimi-k2-instruct-0905", max_tokens: 2048 },
    judge: { mode: "annotate", models: ["groq/qwen/qwen3-32b"] },
  },

  // OpenRouter alone: one model each of several families.
  broad: {
    members: [
      { model: "openrouter/google/gemini-2.0-flash-001", max_tokens: 1024 },
      { model: "openrouter/meta-llama/llama-3.3-70b-instruct", max_tokens: 1024 },
      { model: "openrouter/mistralai/mistral-small-3.2-24b-instruct", max_tokens: 1024 },
      { model: "openrouter/qwen/qwen-2.5-72b-instruct", max_tokens: 1024 },
    ],
    aggregation: {
      strategy: "synthesis",
      model: "openrouter/deepseek/deepseek-chat-v3-0324",
      max_tokens: 2048,
    },
    judge: { mode: "annotate", models: ["openrouter/anthropic/claude-haiku-4.5"] },
  },

  // Both: Groq's speed, OpenRouter's families.
  mixed: {
    members: [
      {
        model: "groq/llama-3.3-70b-versatile",
        max_tokens: 1024,
        family: "meta-llama",
        fallbacks: ["openrouter/meta-llama/llama-3.3-70b-instruct"],
      },
      { model: "openrouter/google/gemini-2.0-flash-001", max_tokens: 1024 },
      { model: "openrouter/mistralai/mistral-small-3.2-24b-instruct", max_tokens: 1024 },
      { model: "openrouter/qwen/qwen-2.5-72b-instruct", max_tokens: 1024 },
    ],
    aggregation: {
      strategy: "synthesis",
      model: "openrouter/deepseek/deepseek-chat-v3-0324",
      max_tokens: 2048,
    },
    judge: { mode: "annotate", models: ["openrouter/anthropic/claude-haiku-4.5"] },
  },

  // No key at all: simulated models, at no cost.
  simulation: {
    members: [
      { model: "sim/ada-large", family: "ada" },
      { model: "sim/ada-small", family: "ada" },
      { model: "sim/bell-large", family: "bell" },
      { model: "sim/cole-medium", family: "cole" },
      { model: "sim/dune-medium", family: "dune" },
    ],
    aggregation: { strategy: "synthesis", model: "sim/synthesiser" },
    judge: { models: ["sim/judge"] },
  },
};

/** What members are told in an improvement round, after the consensus. */
export const improvementPrompt =
  "Above is the consensus of several models on the question. Check it against your own knowledge: keep what is right, " +
  "correct what is wrong, add what is missing. Then answer the question again, completely, without mentioning the " +
  "consensus.";
