import type { CompletionRequest } from "@synod/contracts/provider";
import {
  openBody,
  readStart,
  type UpstreamBody,
  UpstreamIoError,
  type UpstreamResponse,
} from "@synod/upstream-http";
import type { Line } from "../control/line.js";
import type { WireRequest } from "../providers/codec.js";
import { parseJson } from "../providers/openai-dialect/json.js";
import { type ProviderError, ProviderFailure } from "../providers/provider-error.js";
import type { Target } from "../providers/target.js";
import { type Admission, admit } from "./admit.js";
import { Answer } from "./answer.js";
import { type AskContext, leftOf } from "./context.js";
import { isCallError, toCallError } from "./io-failure.js";
import { namedError } from "./named-error.js";
import { settleFailure, settleUnopened } from "./settle-failure.js";
import { settleLater } from "./settle-later.js";
import { type CallSize, sizeOf } from "./call-size.js";
import { basisOf } from "./settle-usage.js";
import { AttemptWatch } from "./watch-attempt.js";

/** How an attempt is made. */
export interface AttemptOptions {
  /** Lines that were asked for this question already. */
  readonly tried: ReadonlySet<Line>;
  /** Whether to wait for a limit to pass. */
  readonly patient: boolean;
  /** Whether it counts in the retry budget. */
  readonly isRepeat: boolean;
}

/** What became of an attempt until its first token. */
export type AttemptOutcome =
  | { readonly kind: "answering"; readonly answer: Answer }
  | {
      readonly kind: "failed";
      readonly error: ProviderError;
      /** Where it was asked; undefined when no call was made. */
      readonly line: Line | undefined;
      /** What the call would have counted, in tokens. */
      readonly tokens: number;
    };

/** An error's body is read this far, in characters and milliseconds: its status is there already. */
const errorBody = { maxLength: 64 * 1024, withinMs: 2_000 };
/** So many characters of a body that cannot be read are logged. */
const snippetLength = 200;

/**
 * Asks one target, with one upstream call at most, and waits for the first token or the end. From then on the answer
 * reports its own failures, and nobody else may be asked.
 */
export async function attempt(
  target: Target,
  request: CompletionRequest,
  { tried, patient, isRepeat }: AttemptOptions,
  context: AskContext,
): Promise<AttemptOutcome> {
  let admission: Admission | undefined;
  let tokens = 0;
  const failed = (error: ProviderError): AttemptOutcome => {
    return { kind: "failed", error, line: admission?.line, tokens };
  };
  try {
    const { provider, model } = target;
    const ordinaryTier = provider.lines.isTierFull(model);
    const wire = provider.codec.encode(request, model, { ordinaryTier });
    const size = sizeOf(request);
    ({ tokens } = size);
    context.facts.mustFit(target, size);
    admission = await admit(target, { tokens, tried, patient, isRepeat }, context);
    const answer = await openAnswer({ target, request, wire, size }, admission, context);
    const failure = await answer.begin();
    return failure === undefined ? { kind: "answering", answer } : failed(failure);
  } catch (error) {
    if (!isCallError(error)) throw error;
    return failed(namedError(target, toCallError(error)));
  } finally {
    admission?.begun();
  }
}

interface EncodedCall {
  readonly target: Target;
  readonly request: CompletionRequest;
  readonly wire: WireRequest;
  readonly size: CallSize;
}

async function openAnswer(
  { target, request, wire, size }: EncodedCall,
  { pass, release: leavePlaces }: Admission,
  context: AskContext,
): Promise<Answer> {
  const { provider, model } = target;
  const { signal, tally } = context;
  const { firstTokenMs, idleMs } = provider.timeoutsOf(model);
  const timers = { firstTokenMs: wire.streamed ? firstTokenMs : Infinity, idleMs, totalMs: leftOf(context) };
  tally.started();
  const watch = new AttemptWatch({ target, request, pass }, context);
  let answer: Answer | undefined;
  const leave = (): void => answer?.close();
  const release = (): void => {
    signal.removeEventListener("abort", leave);
    leavePlaces();
  };
  let response: UpstreamResponse | undefined;
  const header = (name: string): string | undefined => response?.header(name);
  try {
    response = await provider.upstream.request({
      method: "POST",
      path: provider.pathOf(wire.path),
      headers: { ...provider.headersOf(pass.key), ...wire.headers },
      body: wire.body,
      signal,
      timers,
    });
    pass.observed(provider.codec.decodeLimits(header));
    const read = await openEvents(response, target);
    answer = new Answer({ target, response, read, watch, size, release }, context);
    // A caller who leaves while nobody reads: no read fails then, so the answer must hear of it itself.
    signal.addEventListener("abort", leave);
  } catch (error) {
    const failed = toCallError(error);
    if (error instanceof UpstreamIoError && !error.sent) pass.unsent();
    const basis = basisOf(target, { reported: undefined, size, writtenBytes: 0 }, context.facts);
    const usage =
      response === undefined ? settleUnopened(error, failed, basis) : settleFailure(failed, false, basis);
    const later = settleLater({ target, key: pass.key, header, assumed: usage, basis });
    tally.settled(usage, later);
    watch.failed(failed, usage, later);
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
      const body = await readStart(response, errorBody);
      response.finish();
      const header = (name: string): string | undefined => response.header(name);
      const error = target.provider.codec.decodeError(response.status, header, body);
      throw new ProviderFailure({ ...error, ...snippetOf(body) });
    }
    return readerOf(await openBody(response));
  } catch (error) {
    response.abort();
    throw error;
  }
}

/** What a page of HTML, or whatever else is no JSON, begins with. */
function snippetOf(body: string): { readonly snippet?: string } {
  const start = body.trim().slice(0, snippetLength);
  return start === "" || parseJson(body) !== undefined ? {} : { snippet: start };
}

/** A whole answer where a stream was asked for reads like a stream of one event. */
function readerOf(body: UpstreamBody): () => Promise<readonly string[] | null> {
  if (body.kind === "events") return body.read;
  const left = [[body.text]];
  return async () => left.shift() ?? null;
}
