/** Who speaks. */
export type Role = "system" | "developer" | "user" | "assistant" | "tool";

/** A piece of a message: text, or another OpenAI content part (an image, audio) as its JSON text. */
export type ContentPart =
  { readonly type: "text"; readonly text: string } | { readonly type: "other"; readonly json: string };

/** A call of a tool that a model asks for. `argumentsJson` is what the model wrote; it may be invalid JSON. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly argumentsJson: string;
}

/** One turn of a conversation. */
export interface Message {
  readonly role: Role;
  readonly parts: readonly ContentPart[];
  readonly name?: string;
  readonly toolCalls?: readonly ToolCall[];
  readonly toolCallId?: string;
  /** Why a model refused a part of what it was asked, beside what it said in this turn of its own. No panel is told it. */
  readonly refusal?: string;
  /** Reasoning that a model showed beside this turn of its own. No panel is told it. */
  readonly reasoning?: string;
  /**
   * What else a model's own turn holds (`reasoning_details`, `annotations`, `images`), as a JSON object in text. Only that
   * model understands it, so no panel is told it.
   */
  readonly extraJson?: string;
}
