import type { CompletionRequest, RequestProblem } from "./request.js";
import type { Draft, Pace } from "./draft.js";
import type { Plan } from "./plan.js";

/** Whose wire is spoken. */
export type WireProvider = "openrouter" | "groq";

/** Which route of a provider was called. */
export type WireEndpoint =
  "chat" | "completions" | "models" | "model" | "endpoints" | "key" | "credits" | "generation" | "unknown";

/** When to come back, and in which way a provider says so. */
export interface RetryHint {
  readonly seconds: number;
  /**
   * `seconds`, `http_date` and `milliseconds` are forms of Retry-After (the last as `retry-after-ms`); the others give
   * the provider's own `x-ratelimit-reset` headers and no Retry-After.
   */
  readonly as: "seconds" | "http_date" | "milliseconds" | "go_duration" | "epoch_ms" | "epoch_seconds";
}

/** A refusal in the provider's usual words for a status. */
export interface Refusal {
  readonly status: number;
  readonly message?: string;
  readonly hint?: RetryHint;
  /** Fields beside `message` in the error, replacing the usual ones. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Headers beside the provider's own. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** How an error in the middle of a stream looks. */
export interface StreamError {
  readonly code: number | string;
  readonly message: string;
  /** `choice`: beside a choice with `finish_reason: "error"`; `no_choices`: beside `choices: []`; `bare`: alone; `x_groq`: as a text in `x_groq.error`. */
  readonly shape: "choice" | "no_choices" | "bare" | "x_groq";
  readonly finishReason: string;
}

/** One provider's way of writing a completion. Pure: it makes plans, it sends nothing. */
export interface Dialect {
  readonly provider: WireProvider;
  /** A new id of a completion. */
  newId(createdSeconds: number): string;
  /** The whole reply at once, after `waitMs`. */
  unary(draft: Draft, waitMs: number): Plan;
  /** The reply as a stream. */
  stream(draft: Draft, pace: Pace): Plan;
  /** The reply's body as an object: what `unary` sends. */
  body(draft: Draft): Record<string, unknown>;
  /** An event that ends a stream with an error. */
  streamError(draft: Draft, error: StreamError): string;
  refuse(refusal: Refusal, request: { readonly model: string; readonly now: number }): Plan;
  invalid(problem: RequestProblem): Plan;
  missingModel(model: string): Plan;
  /** What this provider does not accept though OpenAI does. */
  unsupported(body: unknown, request: CompletionRequest): Plan | undefined;
}
