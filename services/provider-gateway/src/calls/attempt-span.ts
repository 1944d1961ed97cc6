import { FinishReason, type Sampling, type Usage } from "@synod/contracts/model";
import type { Completion, CompletionRequest } from "@synod/contracts/provider";
import type { Span, SpanAttributes, TraceContext, Tracer } from "@synod/telemetry";
import type { ProviderError } from "../providers/provider-error.js";
import type { Target } from "../providers/target.js";

/** What the span of an upstream call is made of. */
export interface AttemptSpanOptions {
  readonly tracer: Tracer;
  /** The call that it is made for. */
  readonly parent: TraceContext;
  readonly target: Pick<Target, "model"> & {
    readonly provider: Pick<Target["provider"], "id" | "simulated" | "withoutKeys"> & {
      readonly codec: Pick<Target["provider"]["codec"], "kind">;
      readonly settings: Pick<Target["provider"]["settings"], "baseUrl">;
    };
  };
  readonly request: Pick<CompletionRequest, "sampling" | "prompt">;
  /** Which upstream call for the question it is, from 1. */
  readonly attempt: number;
  /** Which of the provider's keys it is made with, from 1. */
  readonly keyIndex: number;
}

/**
 * The span of one upstream call, by the conventions for generative AI:
 * https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/gen-ai/client-inference.md
 *
 * It holds numbers, and names of models; never a key, a header, an address beyond the host, or a text of the
 * conversation. A caller's stop sequences are such texts.
 */
export class AttemptSpan {
  readonly #target: AttemptSpanOptions["target"];
  readonly #span: Span;
  readonly #startedAt = performance.now();

  private constructor(options: AttemptSpanOptions) {
    const { tracer, parent, target } = options;
    const operation = options.request.prompt === "" ? "chat" : "text_completion";
    this.#target = target;
    this.#span = tracer.start(`${operation} ${target.model}`, {
      kind: "client",
      parent,
      attributes: {
        "gen_ai.operation.name": operation,
        "gen_ai.provider.name": target.provider.codec.kind,
        "gen_ai.request.model": target.model,
        "gen_ai.request.stream": true,
        ...samplingFacts(options.request.sampling),
        ...serverFacts(target.provider.settings.baseUrl),
        "synod.provider": target.provider.id,
        "synod.attempt": options.attempt,
        "synod.key": options.keyIndex,
        "synod.simulated": target.provider.simulated || undefined,
      },
    });
  }

  /** Begins the span of a call that goes out now; undefined when nothing is traced. */
  static start(options: AttemptSpanOptions): AttemptSpan | undefined {
    return options.tracer.enabled ? new AttemptSpan(options) : undefined;
  }

  /** The first token has come. */
  firstToken(): void {
    const seconds = (performance.now() - this.#startedAt) / 1_000;
    this.#span.set({ "gen_ai.response.time_to_first_chunk": seconds });
  }

  /** The answer is whole. */
  answered(
    usage: Usage,
    completion: Pick<Completion, "finishReason" | "servedModel" | "completionId">,
  ): void {
    this.#span.set({
      "gen_ai.response.finish_reasons": [finishReason(completion.finishReason)],
      "gen_ai.response.model": this.#name(completion.servedModel),
      "gen_ai.response.id": this.#name(completion.completionId),
      ...usageFacts(usage),
    });
    this.#span.end();
  }

  /** The call failed, or its caller left. `usage` is what it may have cost. */
  failed({ reason, httpStatus }: ProviderError, usage: Usage): void {
    this.#span.set({
      "synod.upstream_status": httpStatus,
      "error.type": reason,
      ...usageFacts(usage),
    });
    // Who is left behind has not failed: a panel that has decided leaves the members it no longer needs.
    if (reason !== "canceled") this.#span.fail(reason);
    this.#span.end();
  }

  /** What the provider calls something; undefined when it is no name. */
  #name(text: string): string | undefined {
    return /^[\w.:@+~#=,/-]{1,256}$/.test(text) ? this.#target.provider.withoutKeys(text) : undefined;
  }
}

function samplingFacts(sampling: Sampling | undefined): SpanAttributes {
  return {
    "gen_ai.request.max_tokens": sampling?.maxOutputTokens,
    "gen_ai.request.temperature": sampling?.temperature,
    "gen_ai.request.top_p": sampling?.topP,
    "gen_ai.request.seed": sampling?.seed === undefined ? undefined : Number(sampling.seed),
    "gen_ai.request.frequency_penalty": sampling?.frequencyPenalty,
    "gen_ai.request.presence_penalty": sampling?.presencePenalty,
  };
}

/** The host alone: the rest of the address may hold a secret. */
function serverFacts(baseUrl: string): SpanAttributes {
  const { hostname, port, protocol } = new URL(baseUrl);
  const ownPort = protocol === "https:" ? 443 : 80;
  return { "server.address": hostname, "server.port": port === "" ? ownPort : Number(port) };
}

function usageFacts(usage: Usage): SpanAttributes {
  const some = (tokens: bigint): number | undefined => (tokens === 0n ? undefined : Number(tokens));
  return {
    "gen_ai.usage.input_tokens": Number(usage.inputTokens),
    "gen_ai.usage.output_tokens": Number(usage.outputTokens),
    "gen_ai.usage.cache_read.input_tokens": some(usage.cachedInputTokens),
    "gen_ai.usage.reasoning.output_tokens": some(usage.reasoningTokens),
    "synod.usage_estimated": usage.estimated || undefined,
    "synod.cost_usd": usage.costUsdNanos === undefined ? undefined : Number(usage.costUsdNanos) / 1e9,
  };
}

function finishReason(reason: FinishReason): string {
  return FinishReason[reason].toLowerCase();
}
