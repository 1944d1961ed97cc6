import { create } from "@bufbuild/protobuf";
import type { Client } from "@connectrpc/connect";
import { type Failure, type Prompt, type Reply, unknownUsage } from "@synod/consensus";
import {
  type AggregateResponse,
  AggregateResponseSchema,
  type AggregatorCalled,
  AggregatorCalledSchema,
} from "@synod/contracts/aggregation";
import type { Usage } from "@synod/contracts/model";
import type { Completion, ProviderService } from "@synod/contracts/provider";
import {
  textOfProtoCompletion,
  toMilliseconds,
  toProtoCompletionRequest,
  toProtoFailure,
  toProtoUsage,
} from "@synod/mapping";
import { type CallContext, failureOf, spentOf } from "@synod/rpc";
import { uselessness } from "./reply.js";

/** One question to the aggregator, and all that asking it needs. */
export interface Question {
  readonly providers: Client<typeof ProviderService>;
  readonly model: string;
  readonly prompt: Prompt;
  /** The call that it is asked for. When that one ends, so does the question. */
  readonly call: CallContext;
}

/** What came of a question. */
export interface Asked {
  readonly called: AggregatorCalled;
  /** Why there is no usable answer; null when there is one. */
  readonly failure: Failure | null;
  readonly reply: Reply;
  /** Whether a part of the answer's text was handed on. */
  readonly streamed: boolean;
}

/**
 * Asks for a whole answer. A failure is part of the result.
 *
 * @throws What the client threw, when the call as a whole was ended.
 */
export async function ask(question: Question): Promise<Asked> {
  const { providers, model, prompt, call } = question;
  const started = performance.now();
  try {
    const { completion } = await providers.complete(
      { completion: toProtoCompletionRequest(model, prompt) },
      call.outgoing(),
    );
    return settle(model, started, completion);
  } catch (error) {
    return settleFailed(call.signal, model, started, error);
  }
}

/**
 * Asks for an answer and hands its text on as it is written.
 *
 * @throws What the client threw, when the call as a whole was ended.
 */
export async function* askStreaming(question: Question): AsyncGenerator<AggregateResponse, Asked, undefined> {
  const { providers, model, prompt, call } = question;
  const started = performance.now();
  let completion: Completion | undefined;
  let streamed = false;
  try {
    const request = { completion: toProtoCompletionRequest(model, prompt) };
    // A blank answer is a failure that another rule can still make good, so blanks are held until the first word.
    let held = "";
    for await (const { event } of providers.streamCompletion(request, call.outgoing())) {
      if (event.case === "finished") completion = event.value.completion;
      if (event.case !== "delta") continue;
      held += event.value.text;
      if (held === "" || (!streamed && held.trim() === "")) continue;
      streamed = true;
      yield deltaOf(held);
      held = "";
    }
  } catch (error) {
    return { ...settleFailed(call.signal, model, started, error), streamed };
  }
  return { ...settle(model, started, completion), streamed };
}

// A stream without an end: something was asked, and nobody says what it cost.
function unknown(): Usage {
  return toProtoUsage(unknownUsage);
}

function deltaOf(text: string): AggregateResponse {
  return create(AggregateResponseSchema, { event: { case: "delta", value: { text } } });
}

function settle(model: string, started: number, completion: Completion | undefined): Asked {
  return asked(model, started, uselessness(completion), completion, completion?.usage ?? unknown());
}

function settleFailed(signal: AbortSignal, model: string, started: number, error: unknown): Asked {
  // The caller left or the deadline passed: there is nobody to fall back for.
  if (signal.aborted) throw error;
  return asked(model, started, failureOf(error), undefined, spentOf(error).usage);
}

function asked(
  model: string,
  started: number,
  failure: Failure | null,
  completion: Completion | undefined,
  // A useless answer is paid for all the same.
  usage: Usage | undefined,
): Asked {
  const called = create(AggregatorCalledSchema, {
    model,
    usage,
    failure: failure === null ? undefined : toProtoFailure(failure),
    latencyMs: toMilliseconds(performance.now() - started, "aggregator_called.latency_ms"),
    completion: failure === null ? completion : undefined,
  });
  const text = completion === undefined ? "" : textOfProtoCompletion(completion);
  const reply: Reply =
    failure === null ? { status: "answered", text } : { status: "failed", message: failure.message };
  return { called, failure, reply, streamed: false };
}
