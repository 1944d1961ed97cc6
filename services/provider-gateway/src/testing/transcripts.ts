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

const thought = [{ type: "reasoning.text", text: "Straße?", format: "unknown", index: 0 }];

/** OpenRouter with everything: comments, reasoning, text, a tool call in parts, usage in a chunk of its own. */
export const openrouterTools: Transcript = [
  ": OPENROUTER PROCESSING",
  openrouterChunk({ role: "assistant", content: "", reasoning: "Straße?", reasoning_details: thought }),
  ": OPENROUTER PROCESSING",
  openrouterChunk({ role: "assistant", content: "Ich frage 🧭" }),
  openrouterChunk({
    tool_calls: [{ index: 0, id: "call_1", type: "function", function: { name: "find", arguments: "" } }],
  }),
  openrouterChunk({ tool_calls: [{ index: 0, function: { arguments: '{"ort":"Köln 🗼",' } }] }),
  openrouterChunk({ tool_calls: [{ index: 0, function: { arguments: '"n":2}' } }] }),
  openrouterChunk({ role: "assistant", content: "" }, "tool_calls"),
  data({ ...openrouterHead, choices: [], usage: openrouterUsage }),
  "data: [DONE]",
];

/** Groq with everything: reasoning, text, a tool call in one piece, usage with the finish reason. */
export const groqTools: Transcript = [
  groqChunk({ role: "assistant", content: null }, null, { x_groq: { id: "req_01kh", seed: 1790130236 } }),
  groqChunk({ reasoning: "Straße?" }),
  groqChunk({ content: "Ich frage 🧭" }),
  groqChunk({
    tool_calls: [
      {
        index: 0,
        id: "call_1",
        type: "function",
        function: { name: "find", arguments: '{"ort":"Köln 🗼","n":2}' },
      },
    ],
  }),
  groqChunk({}, "tool_calls", { x_groq: { id: "req_01kh", usage: groqUsage }, usage: groqUsage }),
  "data: [DONE]",
];

/** How a transcript is written. */
export interface Framing {
  /** The ends of its lines, in turn. Never one that ends with CR before one that begins with LF. */
  readonly newlines?: readonly string[];
  /** What stands in front of everything. */
  readonly start?: string;
  /** The lines of an event, without the blank one after it. */
  readonly linesOf?: (event: string) => readonly string[];
}

/** A transcript as bytes. */
export function bytesOf(transcript: Transcript, framing: Framing = {}): Buffer {
  const { newlines = ["\n"], start = "", linesOf = (event) => [event] } = framing;
  const lines = transcript.flatMap((event) => [...linesOf(event), ""]);
  const ended = lines.map((line, at) => line + (newlines[at % newlines.length] ?? ""));
  return Buffer.from(start + ended.join(""));
}
