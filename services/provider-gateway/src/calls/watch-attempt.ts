import type { Usage } from "@synod/contracts/model";
import type { Completion, CompletionRequest } from "@synod/contracts/provider";
import type { Pass } from "../control/line.js";
import type { ProviderKey } from "../control/key-ring.js";
import { hideSecrets } from "../providers/openai-dialect/clean-text.js";
import type { ProviderError } from "../providers/provider-error.js";
import type { Target } from "../providers/target.js";
import { AttemptSpan } from "./attempt-span.js";
import type { AskContext } from "./context.js";
import { echoes, withoutEcho } from "./hide-echo.js";

/** A call that is watched. */
export interface WatchedCall {
  readonly target: Target;
  readonly request: CompletionRequest;
  readonly pass: Pass;
}

/**
 * Measures, traces and logs one upstream call, and tells its line how it went: what the line tells others of it holds no
 * text of the conversation.
 */
export class AttemptWatch {
  readonly #target: Target;
  readonly #request: CompletionRequest;
  readonly #pass: Pass;
  readonly #context: AskContext;
  readonly #span: AttemptSpan | undefined;
  readonly #startedAt = performance.now();
  #over = false;

  /** To be made once the call is counted in the tally. */
  constructor({ target, request, pass }: WatchedCall, context: AskContext) {
    const { tracer, trace: parent, tally } = context;
    this.#target = target;
    this.#request = request;
    this.#pass = pass;
    this.#context = context;
    const { attempts: attempt } = tally;
    this.#span = AttemptSpan.start({ tracer, parent, target, request, attempt, keyIndex: pass.key.index });
    context.events.running.inc({ provider: target.provider.id });
  }

  /** The key that the call was made with. */
  get key(): ProviderKey {
    return this.#pass.key;
  }

  /** The first token has come. */
  firstToken(): void {
    this.#pass.began();
    this.#span?.firstToken();
    const provider = this.#target.provider.id;
    this.#context.events.firstToken.observe({ provider }, this.#elapsedMs() / 1000);
  }

  /** The answer is whole. */
  answered(usage: Usage, completion: Completion): void {
    if (!this.#end("answered")) return;
    this.#count(usage);
    this.#pass.succeeded();
    this.#span?.answered(usage, completion);
    const durationMs = Math.round(this.#elapsedMs());
    this.#context.logger.debug({ model: this.#target.id, durationMs }, "upstream answered");
  }

  /**
   * The call failed, or its caller left. `usage` is what it may have cost; `later`, where somebody can say it, what it
   * really has.
   */
  failed(error: ProviderError, usage: Usage, later: Promise<Usage> | null = null): void {
    if (!this.#end(error.reason)) return;
    if (later === null) this.#count(usage);
    else void later.then((real) => this.#count(real));
    if (error.reason === "canceled") this.#pass.left();
    else this.#pass.failed({ ...error, message: withoutEcho(error.message, this.#request) });
    this.#span?.failed(error, usage);
    const level = levelOf(error);
    const { reason, httpStatus: status } = error;
    const durationMs = Math.round(this.#elapsedMs());
    const key = this.#pass.key.index;
    this.#context.logger[level](
      { model: this.#target.id, key, reason, status, durationMs, snippet: this.#shown(error.snippet) },
      "upstream failed",
    );
  }

  /** A piece of a body that is fit for the log: without keys, and nothing of the conversation. */
  #shown(snippet: string | undefined): string | undefined {
    if (snippet === undefined || echoes(snippet, this.#request)) return undefined;
    return this.#target.provider.withoutKeys(hideSecrets(snippet));
  }

  #end(outcome: string): boolean {
    if (this.#over) return false;
    this.#over = true;
    const { events } = this.#context;
    const provider = this.#target.provider.id;
    events.running.dec({ provider });
    events.attempts.inc({ provider, outcome });
    events.duration.observe({ provider, outcome }, this.#elapsedMs() / 1000);
    return true;
  }

  #count(usage: Usage): void {
    const { events } = this.#context;
    const provider = this.#target.provider.id;
    events.tokens.inc({ provider, direction: "input" }, Number(usage.inputTokens));
    events.tokens.inc({ provider, direction: "output" }, Number(usage.outputTokens));
    if (usage.costUsdNanos === undefined) events.unpriced.inc({ provider });
    else events.cost.inc({ provider }, Number(usage.costUsdNanos) / 1e9);
  }

  #elapsedMs(): number {
    return performance.now() - this.#startedAt;
  }
}

/** A refused key and used-up credit wait for the operator; a caller who left is nobody's concern. */
function levelOf(error: ProviderError): "error" | "warn" | "debug" {
  if (error.reason === "provider_auth" || error.reason === "provider_credit") return "error";
  return error.reason === "canceled" ? "debug" : "warn";
}
