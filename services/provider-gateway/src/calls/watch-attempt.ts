import type { Usage } from "@synod/contracts/model";
import type { Logger } from "@synod/telemetry";
import type { UpstreamEvents } from "../events.js";
import type { ProviderError } from "../providers/provider-error.js";
import type { Target } from "../providers/target.js";

/** Measures and logs one upstream call. Holds no text of the conversation. */
export class AttemptWatch {
  readonly #target: Target;
  readonly #events: UpstreamEvents;
  readonly #logger: Logger;
  readonly #startedAt = performance.now();
  #over = false;

  constructor(target: Target, events: UpstreamEvents, logger: Logger) {
    this.#target = target;
    this.#events = events;
    this.#logger = logger;
    events.running.inc({ provider: target.provider.id });
  }

  /** The first token has come. */
  firstToken(): void {
    this.#events.firstToken.observe({ provider: this.#target.provider.id }, this.#elapsedMs() / 1000);
  }

  /** The answer is whole. */
  answered(usage: Usage): void {
    if (!this.#end("answered")) return;
    const provider = this.#target.provider.id;
    this.#events.tokens.inc({ provider, direction: "input" }, Number(usage.inputTokens));
    this.#events.tokens.inc({ provider, direction: "output" }, Number(usage.outputTokens));
    if (usage.costUsdNanos === undefined) this.#events.unpriced.inc({ provider });
    else this.#events.cost.inc({ provider }, Number(usage.costUsdNanos) / 1e9);
    this.#logger.debug(
      { model: this.#target.id, durationMs: Math.round(this.#elapsedMs()) },
      "upstream answered",
    );
  }

  /** The call failed, or its caller left. */
  failed(error: ProviderError): void {
    if (!this.#end(error.reason)) return;
    const level = levelOf(error);
    const { reason, httpStatus: status } = error;
    const durationMs = Math.round(this.#elapsedMs());
    this.#logger[level]({ model: this.#target.id, reason, status, durationMs }, "upstream failed");
  }

  #end(outcome: string): boolean {
    if (this.#over) return false;
    this.#over = true;
    const provider = this.#target.provider.id;
    this.#events.running.dec({ provider });
    this.#events.attempts.inc({ provider, outcome });
    this.#events.duration.observe({ provider, outcome }, this.#elapsedMs() / 1000);
    return true;
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
