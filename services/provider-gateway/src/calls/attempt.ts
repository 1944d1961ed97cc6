import type { CompletionRequest } from "@synod/contracts/provider";
import type { Logger } from "@synod/telemetry";
import { openBody, readStart, type UpstreamBody, type UpstreamResponse } from "@synod/upstream-http";
import type { UpstreamTimers } from "../config.js";
import type { UpstreamEvents } from "../events.js";
import { type ProviderError, ProviderFailure } from "../providers/provider-error.js";
import type { Target } from "../providers/target.js";
import { Answer } from "./answer.js";
import { isCallError, toCallError } from "./io-failure.js";
import { namedError } from "./named-error.js";
import { settleUnopened } from "./settle-failure.js";
import { basisOf } from "./settle-usage.js";
import type { Tally } from "./tally.js";
import { AttemptWatch } from "./watch-attempt.js";

/** What an attempt needs. */
export interface AttemptContext {
  readonly signal: AbortSignal;
  readonly timers: UpstreamTimers;
  /** When the whole call ends at the latest, on the clock of `performance.now()`. */
  readonly endsAt: number;
  readonly tally: Tally;
  readonly events: UpstreamEvents;
  readonly logger: Logger;
}

/** What became of an attempt until its first token. */
export type AttemptOutcome =
  | { readonly kind: "answering"; readonly answer: Answer }
  | { readonly kind: "failed"; readonly error: ProviderError };

/** An error's body is read this far, in characters. */
const errorBodyLength = 64 * 1024;

/**
 * Asks one target, with one upstream call at most, and waits for the first token or the end. From then on the answer
 * reports its own failures, and nobody else may be asked.
 */
export async function attempt(
  target: Target,
  request: CompletionRequest,
  context: AttemptContext,
): Promise<AttemptOutcome> {
  let answer: Answer;
  try {
    answer = await openAnswer(target, request, context);
  } catch (error) {
    if (!isCallError(error)) throw error;
    return { kind: "failed", error: namedError(target, toCallError(error)) };
  }
  const failure = await answer.begin();
  return failure === undefined ? { kind: "answering", answer } : { kind: "failed", error: failure };
}

async function openAnswer(
  target: Target,
  request: CompletionRequest,
  context: AttemptContext,
): Promise<Answer> {
  const { provider } = target;
  const { signal, timers, tally } = context;
  const wire = provider.codec.encode(request, target.model);
  const releaseSlot = await provider.slots.take(signal, leftOf(context));
  const watch = new AttemptWatch(target, context.events, context.logger);
  const sentBytes = Buffer.byteLength(wire.body);
  tally.started();
  let answer: Answer | undefined;
  const leave = (): void => answer?.close();
  const release = (): void => {
    signal.removeEventListener("abort", leave);
    releaseSlot();
  };
  try {
    const response = await provider.upstream.request({
      method: "POST",
      path: provider.pathOf(wire.path),
      headers: { ...provider.headers, ...wire.headers },
      body: wire.body,
      signal,
      timers: { firstTokenMs: timers.firstTokenMs, idleMs: timers.idleMs, totalMs: leftOf(context) },
    });
    const read = await openEvents(response, target);
    answer = new Answer({ target, response, read, watch, sentBytes, release }, tally);
    // A caller who leaves while nobody reads: no read fails then, so the answer must hear of it itself.
    signal.addEventListener("abort", leave);
  } catch (error) {
    const failed = toCallError(error);
    const basis = basisOf(target, { reported: undefined, sentBytes, writtenBytes: 0 });
    tally.settled(settleUnopened(error, failed, basis));
    watch.failed(failed);
    release();
    throw error;
  }
  return answer;
}

async function openEvents(
  response: UpstreamResponse,
  target: Target,
): Promise<() => Promise<readonly string[] | null>> {
  try {
    if (response.status < 200 || response.status > 299) {
      const body = await readStart(response, errorBodyLength);
      response.finish();
      const header = (name: string): string | undefined => response.header(name);
      throw new ProviderFailure(target.provider.codec.decodeError(response.status, header, body));
    }
    return readerOf(await openBody(response));
  } catch (error) {
    response.abort();
    throw error;
  }
}

/** A whole answer where a stream was asked for reads like a stream of one event. */
function readerOf(body: UpstreamBody): () => Promise<readonly string[] | null> {
  if (body.kind === "events") return body.read;
  const left = [[body.text]];
  return async () => left.shift() ?? null;
}

function leftOf(context: AttemptContext): number {
  return Math.max(context.endsAt - performance.now(), 0);
}
