import { callerLeft } from "@synod/consensus";
import { failureOf, SynodError } from "@synod/rpc";
import { readIdempotencyKey, retriesOf } from "../idempotency-key.js";
import type { Claim } from "../logged-request.js";
import { createPatience } from "../once/patience.js";
import type { Told } from "../once/told.js";
import type { FinishedRun } from "../runner/run-so-far.js";
import { createAnswerRecord, type NotedAnswer, toldOf } from "./answer-record.js";
import type { HttpDeps } from "./deps.js";
import { answerOf } from "./errors.js";
import { errorOf, type Exchange, sendError, sendJson } from "./exchange.js";
import { createReplay, markReplayed, type Replay, type WantedStream } from "./replay.js";

/** A request that may be sent again. */
export interface RepeatableRequest {
  /** Names it by what it asks: its `requestHash`. */
  hash(): string;
  /** How it wants to be answered as it is written. Undefined: as a whole. */
  readonly stream: WantedStream | undefined;
  /** Milliseconds that the caller is ready to wait. */
  readonly deadlineMs: number | undefined;
  /** Answers it. */
  answer(exchange: Exchange): Promise<void>;
  /** Answers it with a run for the same request that is over and ended well. Undefined where no run is logged for it. */
  readonly tell?: (run: FinishedRun, exchange: Exchange) => void;
}

/**
 * Answers a request once, however often it is sent: one with an idempotency key always; one that a client sends again by
 * itself as well as that can be done.
 */
export async function answerOnce(
  request: RepeatableRequest,
  exchange: Exchange,
  deps: HttpDeps,
): Promise<void> {
  const key = readIdempotencyKey(exchange.req);
  const retries = key === undefined ? retriesOf(exchange.req) : undefined;
  if (key === undefined && retries === undefined) return request.answer(exchange);
  using replay = createReplay(exchange, request.stream, deps);
  try {
    if (key !== undefined) await answerKeyed(key, request, replay, exchange, deps);
    else await answerRetried(retries === 0, request, replay, exchange, deps);
  } catch (error) {
    if (exchange.isLeft() || !replay.isOpen) throw error;
    if (failureOf(error).reason === "internal") deps.events.defect(error, exchange.requestId);
    replay.fail(errorOf(error, exchange));
  }
}

async function answerRetried(
  isFirst: boolean,
  request: RepeatableRequest,
  replay: Replay,
  exchange: Exchange,
  deps: HttpDeps,
): Promise<void> {
  const hash = request.hash();
  if (!isFirst && (await isJoined(hash, request, replay, exchange, deps))) return;
  replay[Symbol.dispose]();
  const left = exchange.signal;
  const own = await deps.attempts.begin(nameOf(hash, exchange), left, (signal) =>
    noted(request, { ...exchange, signal, isLeft: () => exchange.isLeft() && signal.aborted }),
  );
  deliver(own, exchange, deps);
}

async function answerKeyed(
  key: string,
  request: RepeatableRequest,
  replay: Replay,
  exchange: Exchange,
  deps: HttpDeps,
): Promise<void> {
  const { owner } = exchange.caller;
  using patience = createPatience(exchange.signal, request.deadlineMs, deps.clock);
  replay.wait();
  const result = await deps.once.ask(
    {
      owner,
      key,
      requestHash: request.hash(),
      signal: patience.signal,
      broken: (error) => toldOf(brokenBy(error)),
    },
    (runId, signal) => {
      replay[Symbol.dispose]();
      patience[Symbol.dispose]();
      const claim: Claim = { key, runId };
      return noted(request, { ...exchange, signal, isLeft: () => false, claim });
    },
  );
  if (result.type === "own") deliver(result.told, exchange, deps);
  else replay.send(result.response);
}

/** What a request came to, and how this very request is told of it. */
interface OwnAnswer extends Told {
  readonly noted: NotedAnswer;
  /** What was thrown in place of an answer. */
  readonly thrown?: { readonly error: unknown };
}

const brokenBy = (error: unknown): NotedAnswer => ({ type: "error", answer: answerOf(error), beside: {} });

/** Answers into a record. Streams go out at once all the same. */
async function noted(request: RepeatableRequest, exchange: Exchange): Promise<OwnAnswer> {
  const record = createAnswerRecord();
  let thrown: OwnAnswer["thrown"];
  try {
    await request.answer({ ...exchange, record });
    if (record.noted === undefined) throw exchange.isLeft() ? givenUp() : new Error("nothing was answered");
  } catch (error) {
    thrown = { error };
    record.error(errorOf(error, exchange), {});
  }
  const answer = record.noted;
  if (answer === undefined) throw new Error("nothing was noted");
  return { ...toldOf(answer), noted: answer, ...(thrown !== undefined && { thrown }) };
}

const givenUp = (): SynodError => new SynodError(callerLeft);

/** Sends what has not gone out yet. */
function deliver({ noted: answer, thrown }: OwnAnswer, exchange: Exchange, { events }: HttpDeps): void {
  if (exchange.isLeft()) {
    // Nobody else would hear of it.
    if (thrown !== undefined && failureOf(thrown.error).reason === "internal") {
      events.defect(thrown.error, exchange.requestId);
    }
    return;
  }
  if (thrown !== undefined) throw thrown.error;
  switch (answer.type) {
    case "whole":
      return sendJson(exchange, answer.status, answer.json);
    case "error":
      return sendError(exchange, answer.answer, answer.beside);
    case "stream":
      return;
    default:
      return answer satisfies never;
  }
}

/** Joins the same request of the same caller that goes on or ended well. */
async function isJoined(
  hash: string,
  request: RepeatableRequest,
  replay: Replay,
  exchange: Exchange,
  deps: HttpDeps,
): Promise<boolean> {
  const { caller, signal } = exchange;
  using patience = createPatience(signal, request.deadlineMs, deps.clock);
  replay.wait();
  // It goes on for who is told to come back for its answer, unless they leave.
  const going = deps.attempts.join(nameOf(hash, exchange), signal);
  const told = going && (await patience.wait(going));
  if (told?.isAnswer === true) {
    deps.events.replayed("retry");
    replay.send(told.response);
    return true;
  }
  const run = request.tell && (await deps.twins.find(caller, hash, patience.signal));
  // Nobody is asked for a caller that is not there.
  if (exchange.isLeft()) return true;
  patience.signal.throwIfAborted();
  if (run === undefined || request.tell === undefined) return false;
  deps.events.replayed("retry");
  markReplayed(exchange);
  request.tell(run, exchange);
  return true;
}

const nameOf = (hash: string, { caller }: Exchange): string => `${hash} ${caller.owner}`;
