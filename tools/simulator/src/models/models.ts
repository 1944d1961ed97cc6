import type { ModelProfile } from "./profile.js";

const FREE = { prompt: "0", completion: "0" } as const;
const CONTEXT = 131_072;

/** How far models of one family err together: the share of questions on which they draw one luck, 0 to 1. */
export const FAMILY_CORRELATION = 0.5;

/** How often a model that errs says what its family says, 0 to 1. */
export const FAMILY_MISTAKES = 0.8;

/** The panel of the simulation, its synthesiser and its judge. At most one of five may get a sum wrong. */
export const SIMULATED_MODELS: readonly ModelProfile[] = [
  {
    id: "ada-large",
    name: "Ada Large (simulated)",
    family: "ada",
    ability: 0.93,
    sums: 1,
    yielding: 0.35,
    latency: { medianMs: 420, sigma: 0.35 },
    tokensPerSecond: 90,
    verbosity: 2,
    price: FREE,
    contextLength: CONTEXT,
  },
  {
    id: "ada-small",
    name: "Ada Small (simulated)",
    family: "ada",
    ability: 0.74,
    sums: 0.8,
    yielding: 0.75,
    latency: { medianMs: 170, sigma: 0.3 },
    tokensPerSecond: 220,
    verbosity: 0,
    price: FREE,
    contextLength: CONTEXT,
  },
  {
    id: "bell-large",
    name: "Bell Large (simulated)",
    family: "bell",
    ability: 0.9,
    sums: 1,
    yielding: 0.4,
    latency: { medianMs: 520, sigma: 0.4 },
    tokensPerSecond: 80,
    verbosity: 1,
    price: FREE,
    contextLength: CONTEXT,
  },
  {
    id: "cole-medium",
    name: "Cole Medium (simulated)",
    family: "cole",
    ability: 0.85,
    sums: 1,
    yielding: 0.55,
    latency: { medianMs: 310, sigma: 0.35 },
    tokensPerSecond: 130,
    verbosity: 1,
    price: FREE,
    contextLength: CONTEXT,
  },
  {
    id: "dune-medium",
    name: "Dune Medium (simulated)",
    family: "dune",
    ability: 0.82,
    sums: 1,
    yielding: 0.6,
    latency: { medianMs: 260, sigma: 0.45 },
    tokensPerSecond: 150,
    verbosity: 2,
    price: FREE,
    contextLength: CONTEXT,
  },
  {
    id: "synthesiser",
    name: "Synthesiser (simulated)",
    family: "echo",
    ability: 0.88,
    sums: 1,
    yielding: 0.5,
    latency: { medianMs: 240, sigma: 0.3 },
    tokensPerSecond: 160,
    verbosity: 1,
    price: FREE,
    contextLength: CONTEXT,
  },
  {
    id: "judge",
    name: "Judge (simulated)",
    family: "finch",
    ability: 0.88,
    sums: 1,
    yielding: 0.5,
    latency: { medianMs: 220, sigma: 0.3 },
    tokensPerSecond: 180,
    verbosity: 1,
    price: FREE,
    contextLength: CONTEXT,
  },
];

/** How the judge of the simulation does, unless the options say otherwise. */
export const JUDGE_RATES = {
  /** The probability of calling a wrong answer wrong, 0 to 1. */
  hitRate: 0.85,
  /** The probability of calling a right answer wrong, 0 to 1. */
  falseAlarmRate: 0.05,
} as const;

/** Ids that a provider lists in tests beside the simulation's own: those of the shipped presets and some more. Any other id answers too. */
export const STAND_INS = {
  openrouter: [
    "anthropic/claude-haiku-4.5",
    "anthropic/claude-sonnet-4.5",
    "deepseek/deepseek-chat-v3-0324",
    "google/gemini-2.0-flash-001",
    "google/gemini-2.5-flash",
    "meta-llama/llama-3.3-70b-instruct",
    "mistralai/mistral-small-3.2-24b-instruct",
    "qwen/qwen-2.5-72b-instruct",
  ],
  groq: [
    "llama-3.1-8b-instant",
    "llama-3.3-70b-versatile",
    "meta-llama/llama-4-scout-17b-16e-instruct",
    "moonshotai/kimi-k2-instruct-0905",
    "openai/gpt-oss-120b",
    "openai/gpt-oss-20b",
    "qwen/qwen3-32b",
  ],
} as const;
