import { create, type MessageInitShape } from "@bufbuild/protobuf";
import type { Client } from "@connectrpc/connect";
import { type Failure, type Prompt, type Reply, unknownUsage } from "@synod/consensus";
import {
  type AggregateResponse,
  AggregateResponseSchema,
  type AggregatorCalled,
  AggregatorCalledSchema,
} from "@synod/contracts/aggregation";
import { FinishReason, type Usage } from "@synod/contracts/model";
import type { Completion, CompletionRequest, ProviderService } from "@synod/contracts/provider";
import {
  textOfProtoCompletion,
  toMilliseconds,
  toProtoCompletionRequest,
  toProtoFailure,
  toProtoUsage,
} from "@synod/mapping";
import { type CallContext, failureOf, spentOf } from "@synod/rpc";
import { noEnd, uselessness } from "./reply.js";

/** A model that is asked: the aggregator, or a member of the panel. */
export interface ModelSeat {
  readonly model: string;
  /** Models to ask when it fails, in order. */
  readonly fallbacks: readonly string[];
}

/** One question to a model, and all that asking it needs. */
export interface Question {
  readonly providers: Client<typeof ProviderService>;
  readonly to: ModelSeat;
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
  const started = performance.now();
  try {
    const options = question.call.outgoing();
    const { completion } = await question.providers.complete({ completion: requestOf(question) }, options);
    return settle(question, started, completion);
  } catch (error) {
    return settleFailed(question, started, error);
  }
}

/** A piece of an answer, or in the end what came of the question. */
export type Answering =
  { readonly delta: AggregateResponse } | { readonly index: number; readonly asked: Asked };

/**
 * Asks one question alone and hands the answer's text on as it is written; then what came of it.
 *
 * @throws What the client threw, when the call as a whole was ended.
 */
export async function* askStreaming(question: Question): AsyncGenerator<Answering, void, undefined> {
  const { providers, call } = question;
  const started = performance.now();
  let completion: Completion | undefined;
  let streamed = false;
  const answered = (asked: Asked): Answering => ({ index: 0, asked: { ...asked, streamed } });
  try {
    const request = { completion: requestOf(question) };
    // A blank answer is a failure that another rule can still make good, so blanks are held until the first word.
    let held = "";
    for await (const { event } of providers.streamCompletion(request, call.outgoing())) {
      if (event.case === "finished") completion = event.value.completion;
      if (event.case !== "delta") continue;
      held += event.value.text;
      if (held === "" || (!streamed && held.trim() === "")) continue;
      streamed = true;
      yield { delta: deltaOf(held) };
      held = "";
    }
  } catch (error) {
    yield answered(settleFailed(question, started, error));
    return;
  }
  yield answered(settle(question, started, completion));
}

function requestOf({ to, prompt }: Question): CompletionRequest {
  return toProtoCompletionRequest(to.model, prompt, to.fallbacks);
}

function deltaOf(text: string): AggregateResponse {
  return create(AggregateResponseSchema, { event: { case: "delta", value: { text } } });
}

function settle(question: Question, started: number, completion: Completion | undefined): Asked {
  // A useless answer is paid for all the same. Of a stream without an end nobody says what it cost.
  const usage = completion?.usage ?? toProtoUsage(unknownUsage);
  const spent = { usage, attempts: Math.max(1, completion?.attempts ?? 1) };
  if (completion === undefined) return failed(question, started, spent, noEnd);
  const failure = uselessness(completion);
  if (failure !== null) return failed(question, started, spent, failure);
  const called = calledOf(question, started, spent, { completion });
  const truncated = completion.finishReason === FinishReason.LENGTH;
  const reply: Reply = {
    status: "answered",
    text: textOfProtoCompletion(completion),
    ...(truncated && { truncated }),
  };
  return { called, failure: null, reply, streamed: false };
}

function settleFailed(question: Question, started: number, error: unknown): Asked {
  // The caller left or the deadline passed: there is nobody to fall back for.
  if (question.call.signal.aborted) throw error;
  return failed(question, started, spentOf(error), failureOf(error));
}

function failed(question: Question, started: number, spent: Spent, failure: Failure): Asked {
  const called = calledOf(question, started, spent, { failure: toProtoFailure(failure) });
  return { called, failure, reply: { status: "failed", message: failure.message }, streamed: false };
}

/** What a question used. No usage: no upstream call was started. */
interface Spent {
  readonly usage?: Usage | undefined;
  readonly attempts: number;
}

function calledOf(
  { to, prompt }: Question,
  started: number,
  { usage, attempts }: Spent,
  result: Pick<MessageInitShape<typeof AggregatorCalledSchema>, "completion" | "failure">,
): AggregatorCalled {
  return create(AggregatorCalledSchema, {
    model: to.model,
    usage,
    attempts,
    latencyMs: toMilliseconds(performance.now() - started, "aggregator_called.latency_ms"),
    promptVersion: prompt.version,
    ...(prompt.to !== "aggregator" && { member: prompt.to }),
    ...result,
  });
}
