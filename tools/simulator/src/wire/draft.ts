/** What a model wants to say, before a provider's wire gives it its shape. Faults of content change it. */
export interface Draft {
  /** `gen-…` or `chatcmpl-…`. */
  readonly id: string;
  /** Epoch seconds. */
  readonly created: number;
  /** The model that the client asked for. */
  readonly requestedModel: string;
  /** The model that the reply names. */
  readonly model: string;
  /** Joined, they are the content. Null: the content is JSON null. */
  readonly tokens: readonly string[] | null;
  /** Shown before the content, when not empty. */
  readonly reasoning: readonly string[];
  readonly refusal: string | null;
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: string;
  /** The choices of the reply: one, none (`choices: []`), or one sent twice under the same index. */
  readonly choices: "one" | "none" | "twice";
  readonly usage: DraftUsage;
  /** Where a stream has its usage: in the chunk with the finish reason, in its own with `choices: []` or with an empty delta. */
  readonly usagePlace: "usual" | "finish_chunk" | "own_chunk" | "repeated_choice";
  /** The seed that Groq echoes. */
  readonly seed: number;
  /** Whether the client wants OpenRouter's `openrouter_metadata`. */
  readonly metadata: boolean;
  /** Headers beside the provider's own. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A call of a tool. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

/** Tokens and their price. */
export interface DraftUsage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly cachedTokens: number;
  /** US dollars. */
  readonly promptCost: number;
  readonly completionCost: number;
  /** Seconds: they are reported by Groq alone. */
  readonly queueTime: number;
  readonly promptTime: number;
  readonly completionTime: number;
  /** Fields that replace those of the reply's `usage`; `missing` leaves `usage` out. */
  readonly replaced: "missing" | Readonly<Record<string, unknown>>;
}

/** When the tokens come. Milliseconds. */
export interface Pace {
  readonly firstTokenMs: number;
  readonly perTokenMs: number;
}
