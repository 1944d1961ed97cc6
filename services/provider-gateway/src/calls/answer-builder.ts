import type { FinishReason } from "@synod/contracts/model";
import type { CompletionEvent, ReportedUsage } from "../providers/codec.js";
import type { ProviderError } from "../providers/provider-error.js";
import { ExtraFields } from "./extra-fields.js";
import { TextTrack } from "./text-track.js";
import { ToolCalls } from "./tool-calls.js";

/** What was written since the last time; empty fields are empty texts. */
export interface Delta {
  readonly text: string;
  readonly reasoning: string;
  /** OpenAI's `delta.tool_calls` as JSON text. */
  readonly toolCallsJson: string;
  readonly refusal: string;
  /** Other fields of OpenAI's `delta` as a JSON object in text. */
  readonly extraJson: string;
}

/** How an answer ended. */
export interface Finish {
  readonly reason: FinishReason;
  /** The provider's own word. */
  readonly raw: string;
}

/** Who answered, as the provider says. Empty texts where it says nothing. */
export interface Served {
  readonly completionId: string;
  readonly model: string;
  readonly fingerprint: string;
  /** What else the answer says of itself, as a JSON object in text. Empty when there is nothing. */
  readonly extraJson: string;
}

/** Puts an answer together from what its upstream said. */
export class AnswerBuilder {
  readonly text = new TextTrack();
  readonly reasoning = new TextTrack();
  readonly refusal = new TextTrack();
  readonly toolCalls = new ToolCalls();
  readonly extra = new ExtraFields();
  /** Fields of the answer as a whole. */
  readonly #about = new ExtraFields();
  #finish: Finish | undefined;
  #usage: ReportedUsage | undefined;
  #served = { completionId: "", model: "", fingerprint: "" };
  #failure: ProviderError | undefined;
  #hasContent = false;

  /** Adds what a chunk said. */
  add(events: readonly CompletionEvent[]): void {
    for (const event of events) this.#addOne(event);
  }

  /** Whether anything of the answer has been written: its first token has come. */
  get hasContent(): boolean {
    return this.#hasContent;
  }

  /** How it ended; undefined while it did not. */
  get finish(): Finish | undefined {
    return this.#finish;
  }

  /** The error that the upstream sent instead of an end. */
  get failure(): ProviderError | undefined {
    return this.#failure;
  }

  get usage(): ReportedUsage | undefined {
    return this.#usage;
  }

  get served(): Served {
    return { ...this.#served, extraJson: this.#about.wholeJson() };
  }

  /** The bytes that were written, as UTF-8. */
  get writtenBytes(): number {
    const calls = this.toolCalls.whole().map((call) => call.name + call.argumentsJson);
    return Buffer.byteLength(this.text.whole + this.reasoning.whole + this.refusal.whole + calls.join(""));
  }

  /** Whether nothing was written that a reader could use. Reasoning alone is nothing. */
  get isEmpty(): boolean {
    const isSaid = this.text.whole.trim() !== "" || this.refusal.whole.trim() !== "";
    return !isSaid && !this.toolCalls.any && !this.extra.has("images");
  }

  /** No more events come. */
  end(): void {
    this.text.end();
    this.reasoning.end();
    this.refusal.end();
  }

  /** What was written since the last time; null when nothing was. */
  takeDelta(): Delta | null {
    const delta: Delta = {
      text: this.text.take(),
      reasoning: this.reasoning.take(),
      toolCallsJson: this.toolCalls.takeJson(),
      refusal: this.refusal.take(),
      extraJson: this.extra.takeJson(),
    };
    return Object.values(delta).every((part) => part === "") ? null : delta;
  }

  #addOne(event: CompletionEvent): void {
    switch (event.type) {
      case "text":
      case "reasoning":
      case "refusal":
        this.#hasContent = true;
        this[event.type].push(event.text);
        break;
      case "tool_calls":
        this.#hasContent = true;
        this.toolCalls.push(event.calls);
        break;
      case "extra":
        this.#hasContent = true;
        this.extra.push(event.fields);
        break;
      case "finished":
        this.#finish ??= { reason: event.reason, raw: event.raw };
        break;
      case "usage":
        this.#usage = event.usage;
        break;
      case "served":
        this.#served = {
          completionId: event.completionId || this.#served.completionId,
          model: event.model || this.#served.model,
          fingerprint: event.fingerprint || this.#served.fingerprint,
        };
        this.#about.push(event.extra);
        break;
      case "failed":
        this.#failure ??= event.error;
        break;
      default:
        event satisfies never;
    }
  }
}
