/** A stream as its provider writes it: one event per entry, without the blank line after it. */
export type Transcript = readonly string[];

const data = (value: unknown): string => `data: ${JSON.stringify(value)}`;

const openrouterHead = {
  id: "gen-1731000000-AbCd",
  provider: "OpenAI",
  model: "openai/gpt-4o-mini",
  object: "chat.completion.chunk",
  created: 1731000000,
};

/** A chunk of OpenRouter with one choice. */
export function openrouterChunk(delta: unknown, finish: string | null = null, more: object = {}): string {
  const choice = { index: 0, delta, finish_reason: finish, native_finish_reason: finish, logprobs: null };
  return data({ ...openrouterHead, choices: [choice], ...more });
}

/** OpenRouter's usage, with its cost. */
export const openrouterUsage = {
  prompt_tokens: 10,
  completion_tokens: 3,
  total_tokens: 13,
  cost: 0.0000021,
  is_byok: false,
  cost_details: { upstream_inference_cost: null },
  prompt_tokens_details: { cached_tokens: 4 },
  completion_tokens_details: { reasoning_tokens: 1 },
};

/** A success of OpenRouter: comments first, usage in a chunk of its own. */
export const openrouterStream: Transcript = [
  ": OPENROUTER PROCESSING",
  ": OPENROUTER PROCESSING",
  openrouterChunk({ role: "assistant", content: "Grüß" }),
  openrouterChunk({ role: "assistant", content: " 👋" }),
  ": OPENROUTER PROCESSING",
  openrouterChunk({ role: "assistant", content: " 你好" }),
  openrouterChunk({ role: "assistant", content: "" }, "stop"),
  data({ ...openrouterHead, choices: [], usage: openrouterUsage }),
  "data: [DONE]",
];

const groqHead = {
  id: "chatcmpl-7c1d",
  object: "chat.completion.chunk",
  created: 1790130236,
  model: "llama-3.3-70b-versatile",
  system_fingerprint: "fp_f8b414701e",
};

/** A chunk of Groq. */
export function groqChunk(delta: unknown, finish: string | null = null, more: object = {}): string {
  return data({
    ...groqHead,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    ...more,
  });
}

/** Groq's usage, with its times in seconds. */
export const groqUsage = {
  queue_time: 0.179481775,
  prompt_tokens: 218,
  prompt_time: 0.01182836,
  completion_tokens: 15,
  completion_time: 0.044602289,
  total_tokens: 233,
  total_time: 0.056430649,
};

/** A success of Groq: usage twice in the chunk with the finish reason. */
export const groqStream: Transcript = [
  groqChunk({ role: "assistant", content: "" }, null, { x_groq: { id: "req_01kh", seed: 1790130236 } }),
  groqChunk({ content: "Grüß" }),
  groqChunk({ content: " 👋" }),
  groqChunk({ content: " 你好" }),
  groqChunk({}, "stop", { x_groq: { id: "req_01kh", usage: groqUsage }, usage: groqUsage }),
  "data: [DONE]",
];

/** What both streams say. */
export const streamText = "Grüß 👋 你好";

/** A transcript as bytes. */
export function bytesOf(transcript: Transcript, newline = "\n"): Buffer {
  return Buffer.from(transcript.map((event) => event + newline + newline).join(""));
}
