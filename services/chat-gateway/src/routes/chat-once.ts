import { fromJsonString, toJsonString } from "@bufbuild/protobuf";
import type { Failure } from "@synod/consensus";
import { type ChatResponse, ChatResponseSchema } from "@synod/contracts/chat";
import { failureOf, type HandlerContext, SynodError } from "@synod/rpc";
import type { StoredResponse } from "@synod/run-store";
import { checkIdempotencyKey } from "../idempotency-key.js";
import type { Once, OnceResult } from "../once/once.js";
import type { Told } from "../once/told.js";
import { mayBePaid } from "../paid.js";
import { type Asker, detached } from "./asker.js";

/** What a call came to: an answer, or an error. */
type Outcome = { readonly answer: ChatResponse } | { readonly error: unknown };

/** The same, as it is told again. */
type ToldOutcome = Told & { readonly outcome: Outcome };

/** An answer, and whether it was made for an earlier call. */
export interface OnceAnswer {
  readonly answer: ChatResponse;
  readonly isReplayed: boolean;
}

/**
 * The idempotency key of a call; undefined when it has none.
 *
 * @throws SynodError `invalid_value` when it is not 1 to 255 visible ASCII characters.
 */
export function idempotencyKeyOf({ requestHeader }: HandlerContext): string | undefined {
  return checkIdempotencyKey(requestHeader.get("idempotency-key") ?? undefined);
}

/**
 * Asks once, however often the call is made with the key.
 *
 * @param ask Asks, and goes on when the call is over. `begun`: to be called once something of the answer has gone out.
 */
export async function chatOnce(
  once: Once,
  key: string,
  asker: Asker,
  ask: (asker: Asker, begun: () => void) => Promise<ChatResponse>,
): Promise<OnceAnswer> {
  const { owner } = asker.caller;
  const { requestHash } = asker.logged;
  const { signal } = asker.call;
  let hasBegun = false;
  const broken = (error: unknown): ToldOutcome => toldOutcomeOf(error, hasBegun);
  const asked = once.ask({ owner, key, requestHash, signal, broken }, (runId, ending) => {
    const begun = (): void => {
      hasBegun = true;
    };
    return ask(detached(asker, { key, runId }, ending), begun).then(toldAnswer, broken);
  });
  asker.work.add(asked);
  return answerIn(await asked);
}

function toldAnswer(answer: ChatResponse): ToldOutcome {
  const body = toJsonString(ChatResponseSchema, answer);
  return { response: stored(200, body), isKept: true, isAnswer: true, outcome: { answer } };
}

/** What the stored form of an error holds. */
interface StoredError {
  readonly failure: Failure;
  readonly metadata: Readonly<Record<string, string>>;
}

function toldOutcomeOf(error: unknown, hasBegun: boolean): ToldOutcome {
  const { retryAfterMs: _, ...failure } = failureOf(error);
  const metadata = error instanceof SynodError ? error.metadata : {};
  const body: StoredError = { failure: { ...failure, retryable: false }, metadata };
  return {
    response: stored(500, JSON.stringify(body)),
    isKept: hasBegun || mayBePaid(error),
    isAnswer: false,
    outcome: { error },
  };
}

/** The status says which of the two the body is: a call of an RPC has none of its own. */
const stored = (status: 200 | 500, body: string): StoredResponse => ({
  status,
  type: "application/json",
  body,
});

function answerIn(result: OnceResult<ToldOutcome>): OnceAnswer {
  if (result.type === "own") {
    const { outcome } = result.told;
    if ("error" in outcome) throw outcome.error;
    return { answer: outcome.answer, isReplayed: false };
  }
  const { status, body } = result.response;
  if (status === 200) return { answer: fromJsonString(ChatResponseSchema, body), isReplayed: true };
  const { failure, metadata } = JSON.parse(body) as StoredError;
  throw new SynodError(failure, { metadata });
}

/** Says that an answer was made for an earlier call. */
export function markReplayed({ responseHeader }: HandlerContext): void {
  responseHeader.set("idempotency-replayed", "true");
}
