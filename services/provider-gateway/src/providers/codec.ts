import type { FinishReason } from "@synod/contracts/model";
import type { CompletionRequest } from "@synod/contracts/provider";
import type { ProviderKind } from "@synod/settings";
import type { Price } from "../models/price.js";
import type { ProviderError } from "./provider-error.js";

/** Looks up a response header by its lower-case name. */
export type Headers = (name: string) => string | undefined;

/** A request as it goes over the wire. The key is added by who sends it. */
export interface WireRequest {
  /** Below the provider's base URL. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whether the answer comes as it is written. Otherwise nothing of it comes before all is written. */
  readonly streamed: boolean;
}

/** A part of a tool call, as OpenAI's `delta.tool_calls` has it. */
export interface ToolCallDelta {
  /** Which call of the answer it belongs to. */
  readonly index: number;
  readonly id: string;
  readonly name: string;
  /** More of the arguments' JSON text. */
  readonly arguments: string;
}

/** Counts of tokens: whole numbers, parts never above their whole. */
export interface TokenCounts {
  readonly input: number;
  readonly output: number;
  readonly cachedInput: number;
  readonly reasoning: number;
}

/** What a provider says an answer used. Absurd figures are left out. */
export interface ReportedUsage {
  readonly tokens: TokenCounts | null;
  /** Billed, in billionths of a US dollar. */
  readonly costUsdNanos: number | null;
  /** Whether a figure was absurd, or the figures contradict each other. */
  readonly doubtful: boolean;
}

/** A limit that a provider counts down: what is left of it, and when it is full again. */
export interface LimitState {
  readonly limit: number;
  readonly remaining: number;
  /** Milliseconds until it is full again. */
  readonly resetMs: number;
}

/** What a provider says of its limits with each answer. */
export interface LimitStates {
  readonly requests?: LimitState;
  readonly tokens?: LimitState;
}

/** What an upstream call used and cost, as `GET /generation` says afterwards. */
export interface Generation {
  readonly usage: ReportedUsage;
}

/** Something that an upstream said. */
export type CompletionEvent =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "reasoning"; readonly text: string }
  | { readonly type: "refusal"; readonly text: string }
  | { readonly type: "tool_calls"; readonly calls: readonly ToolCallDelta[] }
  | {
      /** Other fields of a message: `reasoning_details`, `annotations`, `images`. Lists are to be joined. */
      readonly type: "extra";
      readonly fields: Readonly<Record<string, unknown>>;
    }
  | { readonly type: "finished"; readonly reason: FinishReason; readonly raw: string }
  | { readonly type: "usage"; readonly usage: ReportedUsage }
  | {
      readonly type: "served";
      readonly completionId: string;
      readonly model: string;
      readonly fingerprint: string;
      /** Other fields of the answer: `provider`, `service_tier`, `openrouter_metadata`. */
      readonly extra: Readonly<Record<string, unknown>>;
    }
  | { readonly type: "failed"; readonly error: ProviderError };

/** A model as its provider lists it. */
export interface ListedModel {
  /** The provider's own id, without Synod's prefix. */
  readonly id: string;
  readonly displayName: string;
  /** Seconds since 1970; 0 when unknown. */
  readonly created: number;
  readonly contextTokens?: number;
  readonly maxOutputTokens?: number;
  readonly price?: Price;
  readonly inputModalities: readonly string[];
  readonly outputModalities: readonly string[];
  readonly supportedParameters: readonly string[];
}

/** A page of a provider's list. */
export interface ModelPage {
  readonly models: readonly ListedModel[];
  /** Whether the provider has more. */
  readonly more: boolean;
}

/** A provider's wire format: writes requests strictly, reads answers leniently. Pure: no I/O, no state, no key. */
export interface ProviderCodec {
  readonly kind: ProviderKind;
  /**
   * Writes a chat completion, or a text completion where the request has a prompt: streamed wherever the provider can.
   *
   * @param model the provider's own id of the model.
   * @param options.ordinaryTier whether to ask the ordinary tier in place of the cheap one.
   * @throws ProviderFailure `invalid_value` for what the provider is known to refuse.
   */
  encode(
    request: CompletionRequest,
    model: string,
    options?: { readonly ordinaryTier?: boolean },
  ): WireRequest;
  /** Reads one chunk of a stream, or a whole answer. What it does not know it leaves out. */
  decodeChunk(json: unknown): readonly CompletionEvent[];
  /** Reads an answer that is an error: a status other than 200, or a document that is no completion. */
  decodeError(status: number, headers: Headers, body: string): ProviderError;
  /** Reads a page of the list of models; null when it is none. */
  decodeModels(json: unknown): ModelPage | null;
  /** What a model costs by our own table; null when it is not in it. */
  priceOf(model: string): Price | null;
  /** Reads what an answer's headers say of limits; null when they say nothing. */
  decodeLimits(headers: Headers): LimitStates | null;
  /** What the head of an answer says that its caller is told, by names in lower case. */
  toldHeaders(headers: Headers): Readonly<Record<string, string>>;
  /** Whether leaving a stream ends the bill: what is written by then is charged. Otherwise all of it is. */
  readonly billsUntilLeft: boolean;
  /** Where the provider says afterwards what a call cost, and how that reads; null when it never does. */
  readonly generations: {
    /** The id of the call by the head of its answer; empty when it is not there. */
    idOf(headers: Headers): string;
    /** Below the base URL, with the id in its query. */
    pathOf(id: string): string;
    /** Null when it cannot be read. */
    decode(json: unknown): Generation | null;
  } | null;
}
