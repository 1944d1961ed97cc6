import { create } from "@bufbuild/protobuf";
import { ContentPartSchema, FinishReason, MessageSchema, Role, ToolCallSchema } from "@synod/contracts/model";
import { type Completion, CompletionSchema } from "@synod/contracts/provider";
import type { UpstreamResponse } from "@synod/upstream-http";
import { asObject, parseJson } from "../providers/openai-dialect/json.js";
import { invalidResponse, type ProviderError, ProviderFailure } from "../providers/provider-error.js";
import type { Target } from "../providers/target.js";
import { AnswerBuilder, type Delta } from "./answer-builder.js";
import { toCallError } from "./io-failure.js";
import { settleUsage } from "./settle-usage.js";
import type { AttemptWatch } from "./watch-attempt.js";

/** What an answer is read from, and what hears of it. */
export interface AnswerSource {
  readonly target: Target;
  readonly response: UpstreamResponse;
  /** The data of all events that have arrived; null at the end. */
  readonly read: () => Promise<readonly string[] | null>;
  readonly watch: AttemptWatch;
  /** The bytes of the request. */
  readonly sentBytes: number;
  /** Called once, when the upstream call is over, however it ended. */
  readonly release: () => void;
}

/** How often and since when an answer was asked for, fallbacks included. */
export interface AskHistory {
  /** On the clock of `performance.now()`. */
  readonly startedAt: number;
  /** Upstream calls started, this one included. */
  readonly attempts: number;
}

const endOfStream = "[DONE]";
/** How long an upstream may take to end after it said that the answer is finished. */
const endWaitMs = 3_000;

/** An answer that is being written. */
export class Answer {
  readonly #source: AnswerSource;
  readonly #builder = new AnswerBuilder();
  #history: AskHistory;
  #ready: Delta | null = null;
  #failure: ProviderFailure | undefined;
  #completion: Completion | undefined;
  #firstTokenAt: number | undefined;
  #closed = false;

  constructor(source: AnswerSource, history: AskHistory) {
    this.#source = source;
    this.#history = history;
  }

  /**
   * Reads until the first token has come or the answer is whole: from then on, nobody else may be asked.
   *
   * @throws ProviderFailure
   */
  async begin(): Promise<void> {
    this.#ready = await this.#advance();
    if (this.#ready === null) this.#throwFailure();
  }

  /**
   * What was written since the last time, joined; null when the answer is whole.
   *
   * @throws ProviderFailure when the answer broke off.
   */
  async next(): Promise<Delta | null> {
    const ready = this.#ready;
    this.#ready = null;
    const delta = ready ?? (await this.#advance());
    if (delta === null) this.#throwFailure();
    return delta;
  }

  /** The whole answer, after `next` has said null. */
  get completion(): Completion {
    if (this.#completion === undefined) throw new Error("the answer is not whole yet");
    return this.#completion;
  }

  /** Ends the call. If the answer is not whole, its upstream connection is destroyed. Twice does nothing. */
  close(): void {
    this.#fail({ reason: "canceled", message: "the caller left", retryable: false, failOver: "none" });
  }

  async #advance(): Promise<Delta | null> {
    while (this.#completion === undefined && this.#failure === undefined) {
      try {
        const batch = await this.#source.read();
        if (batch === null) this.#ended();
        else this.#take(batch);
      } catch (error) {
        this.#broke(toCallError(error));
      }
      const delta = this.#builder.takeDelta();
      if (delta !== null) return delta;
    }
    return null;
  }

  #take(batch: readonly string[]): void {
    const { codec } = this.#source.target.provider;
    for (const data of batch) {
      if (data.startsWith(endOfStream)) {
        this.#ended();
        return;
      }
      if (data === "") continue;
      const json = parseJson(data);
      if (json === undefined) {
        this.#broke(invalidResponse("the provider's stream holds something that is not JSON"));
        return;
      }
      this.#builder.add(codec.decodeChunk(json));
      if (this.#builder.hasContent && this.#firstTokenAt === undefined) this.#firstToken();
      if (this.#builder.failure !== undefined) {
        this.#fail(this.#builder.failure);
        return;
      }
    }
    if (this.#builder.finish !== undefined) this.#source.response.expectEnd(endWaitMs);
  }

  #firstToken(): void {
    this.#firstTokenAt = performance.now();
    this.#source.response.firstToken();
    this.#source.watch.firstToken();
  }

  /** The stream is over. */
  #ended(): void {
    if (this.#completion !== undefined || this.#failure !== undefined) return;
    this.#builder.end();
    if (this.#builder.finish === undefined) {
      this.#fail(invalidResponse("the provider's stream ended before the answer did"));
    } else if (this.#builder.isEmpty && this.#builder.finish.reason !== FinishReason.CONTENT_FILTER) {
      const message = `the model wrote nothing (${this.#builder.finish.raw})`;
      this.#fail({ reason: "empty_answer", message, retryable: true, failOver: "none" });
    } else this.#settle();
  }

  /** The stream broke. After a finish reason, only its end was missing. */
  #broke(error: ProviderError): void {
    if (this.#builder.finish !== undefined && error.reason !== "canceled") this.#ended();
    else this.#fail(error);
  }

  #fail(error: ProviderError): void {
    if (this.#closed) return;
    this.#builder.end();
    // What was paid for, or shown, is not asked for again.
    const failOver = this.#builder.hasContent ? "none" : error.failOver;
    this.#failure = new ProviderFailure({ ...error, failOver });
    this.#source.response.abort();
    this.#source.watch.failed(error);
    this.#release();
  }

  #settle(): void {
    this.#completion = this.#build();
    this.#source.response.finish();
    if (this.#completion.usage !== undefined) this.#source.watch.answered(this.#completion.usage);
    this.#release();
  }

  #release(): void {
    this.#closed = true;
    this.#source.release();
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  #build(): Completion {
    const { target, sentBytes } = this.#source;
    const { provider } = target;
    const { text, reasoning, refusal, toolCalls, finish, usage, served } = this.#builder;
    const now = performance.now();
    const toolsCalled = toolCalls.any && finish?.reason === FinishReason.STOP;
    return create(CompletionSchema, {
      message: create(MessageSchema, {
        role: Role.ASSISTANT,
        parts:
          text.whole === ""
            ? []
            : [create(ContentPartSchema, { content: { case: "text", value: text.whole } })],
        toolCalls: toolCalls.whole().map((call) => create(ToolCallSchema, call)),
        refusal: refusal.whole,
      }),
      finishReason: toolsCalled ? FinishReason.TOOL_CALLS : (finish?.reason ?? FinishReason.UNSPECIFIED),
      rawFinishReason: finish?.raw.toWellFormed() ?? "",
      usage: settleUsage({
        reported: usage,
        price: provider.codec.priceOf(target.model),
        simulated: provider.simulated,
        sentBytes,
        writtenBytes: this.#builder.writtenBytes,
      }),
      model: target.id,
      servedModel: served.model.slice(0, 256).toWellFormed(),
      completionId: served.completionId.slice(0, 256).toWellFormed(),
      systemFingerprint: served.fingerprint.slice(0, 256).toWellFormed(),
      latencyMs: BigInt(Math.round(now - this.#history.startedAt)),
      firstTokenMs: BigInt(Math.round((this.#firstTokenAt ?? now) - this.#history.startedAt)),
      attempts: this.#history.attempts,
      reasoning: reasoning.whole,
    });
  }
}

/** The one document of an answer that is no stream, as a stream of one event. */
export function documentReader(text: string): () => Promise<readonly string[] | null> {
  const parts: (readonly string[])[] = asObject(parseJson(text)) === undefined ? [] : [[text]];
  return async () => parts.shift() ?? null;
}
