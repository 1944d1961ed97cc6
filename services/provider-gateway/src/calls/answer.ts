import { FinishReason } from "@synod/contracts/model";
import type { Completion } from "@synod/contracts/provider";
import type { UpstreamResponse } from "@synod/upstream-http";
import { parseJson } from "../providers/openai-dialect/json.js";
import {
  callerLeft,
  invalidResponse,
  type ProviderError,
  ProviderFailure,
  unrepeatable,
} from "../providers/provider-error.js";
import type { Target } from "../providers/target.js";
import { AnswerBuilder, type Delta } from "./answer-builder.js";
import { buildCompletion, type WholeCompletion } from "./build-completion.js";
import { isCallError, toCallError } from "./io-failure.js";
import type { CallSize } from "./call-size.js";
import { type AskContext, leftOf } from "./context.js";
import { namedError } from "./named-error.js";
import { settleFailure } from "./settle-failure.js";
import { settleLater } from "./settle-later.js";
import { basisOf, settleUsage, type UsageBasis } from "./settle-usage.js";
import type { AttemptWatch } from "./watch-attempt.js";

/** What an answer is read from, and what hears of it. */
export interface AnswerSource {
  readonly target: Target;
  readonly response: UpstreamResponse;
  /** The data of all events that have arrived; null at the end. */
  readonly read: () => Promise<readonly string[] | null>;
  readonly watch: AttemptWatch;
  readonly size: CallSize;
  /** Called once, when the upstream call is over, however it ended. */
  readonly release: () => void;
}

const endOfStream = "[DONE]";
/** How long an upstream may take to end after it said that the answer is finished. */
const endWaitMs = 3_000;
/** How long an answer that failed waits for what it really cost: nobody should wait longer to hear that it failed. */
const settleMs = 250;

/** An answer that is being written. */
export class Answer {
  readonly #source: AnswerSource;
  readonly #builder = new AnswerBuilder();
  readonly #context: AskContext;
  #whenOver: (() => void) | undefined;
  #ready: Delta | null = null;
  #failure: ProviderError | undefined;
  #completion: WholeCompletion | undefined;
  #firstTokenAt: number | undefined;
  #closed = false;

  constructor(source: AnswerSource, context: AskContext) {
    this.#source = source;
    this.#context = context;
  }

  /**
   * Reads until the first token has come or the answer is whole: from then on, nobody else may be asked.
   *
   * @returns why it failed before that; undefined when it did not.
   */
  async begin(): Promise<ProviderError | undefined> {
    this.#ready = await this.#advance();
    return this.#ready === null ? this.#failure : undefined;
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
    if (delta !== null || this.#failure === undefined) return delta;
    const { tally } = this.#context;
    await tally.settle(Math.min(settleMs, leftOf(this.#context)));
    throw new ProviderFailure(this.#failure, { spent: tally.spent });
  }

  /** What its head said that its caller is told, by names in lower case. */
  get headers(): Readonly<Record<string, string>> {
    const { target, response } = this.#source;
    return target.provider.codec.toldHeaders((name) => response.header(name));
  }

  /** The whole answer, after `next` has said null. */
  get completion(): Completion {
    if (this.#completion === undefined) throw new Error("the answer is not whole yet");
    return this.#completion;
  }

  /** Calls `over` once the upstream call is over, however it ends. */
  whenOver(over: () => void): void {
    if (this.#closed) over();
    else this.#whenOver = over;
  }

  /** Ends the call. If the answer is not whole, its upstream connection is destroyed. Twice does nothing. */
  close(): void {
    this.#fail(callerLeft());
  }

  async #advance(): Promise<Delta | null> {
    while (this.#completion === undefined && this.#failure === undefined) {
      try {
        const batch = await this.#source.read();
        if (batch === null) this.#ended();
        else this.#take(batch);
      } catch (error) {
        this.#broke(toCallError(error));
        if (!isCallError(error)) throw error;
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
        this.#broke(invalidResponse("the provider's answer is not JSON"));
        return;
      }
      this.#builder.add(codec.decodeChunk(json));
      if (this.#builder.hasContent && this.#firstTokenAt === undefined) this.#firstToken();
      if (this.#builder.failure !== undefined) {
        this.#fail(this.#builder.failure);
        return;
      }
    }
    if (this.#builder.finish === undefined) return;
    this.#source.response.firstToken();
    this.#source.response.expectEnd(endWaitMs);
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
      this.#fail({ ...unrepeatable, reason: "empty_answer", message, retryable: true });
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
    const { target, response, watch } = this.#source;
    const basis = this.#basis();
    const usage = settleFailure(error, this.#builder.hasContent, basis);
    // What was paid for, or shown, is not asked for again.
    const isOver = this.#builder.hasContent || basis.reported !== undefined;
    this.#failure = {
      ...namedError(target, error),
      ...(isOver && ({ failOver: "none", repeats: 0 } as const)),
      partial: this.#builder.hasContent,
    };
    response.abort();
    const header = (name: string): string | undefined => response.header(name);
    const later = settleLater({ target, key: watch.key, header, assumed: usage, basis });
    this.#context.tally.settled(usage, later);
    watch.failed(error, usage, later);
    this.#release();
  }

  #settle(): void {
    const { target, response, watch } = this.#source;
    const { tally } = this.#context;
    const usage = settleUsage(this.#basis());
    tally.settled(usage);
    this.#completion = buildCompletion(this.#builder, {
      target,
      tally,
      firstTokenAt: this.#firstTokenAt,
      headers: this.headers,
    });
    response.finish();
    watch.answered(usage, this.#completion);
    this.#release();
  }

  #basis(): UsageBasis {
    const { target, size } = this.#source;
    const { usage, writtenBytes } = this.#builder;
    return basisOf(target, { reported: usage, size, writtenBytes }, this.#context.facts);
  }

  #release(): void {
    this.#closed = true;
    this.#source.release();
    this.#whenOver?.();
  }
}
