import type { CompletionRequest } from "@synod/contracts/provider";
import type { Line } from "../control/line.js";
import { pause } from "../control/pause.js";
import { othersFirst, type ProviderError } from "../providers/provider-error.js";
import type { Target } from "../providers/target.js";
import type { Answer } from "./answer.js";
import { attempt } from "./attempt.js";
import { type AskContext, leftOf } from "./context.js";
import { isCallError, toCallError } from "./io-failure.js";
import { nextStep } from "./next-step.js";

/** What a target did with a question. */
export interface AskedBefore {
  /** Upstream calls that it got. */
  readonly calls: number;
  /** Why the last one failed, or why none was made. */
  readonly error: ProviderError;
}

/** What became of a target: an answer that has begun, or why there is none. */
export type TargetOutcome =
  | { readonly kind: "answering"; readonly answer: Answer }
  | (AskedBefore & {
      readonly kind: "failed";
      /** Whether it may be asked again once the others were. */
      readonly putOff: boolean;
    });

/** How a target is asked. */
export interface TargetOptions {
  /** Whether nobody else is left to be asked. Then limits are waited for. */
  readonly patient: boolean;
  /** What it did before the others were asked; undefined at first. */
  readonly before: AskedBefore | undefined;
}

/**
 * Asks one target, again where that may help: after a wait, or with another key. Nothing is asked again once anything of
 * an answer has come.
 */
export async function askTarget(
  target: Target,
  request: CompletionRequest,
  { patient, before }: TargetOptions,
  context: AskContext,
): Promise<TargetOutcome> {
  const { provider, model } = target;
  const { maxAttempts } = provider.settings;
  const { events, random, signal } = context;
  const over = provider.budget.began();
  const tried = new Set<Line>();
  let { calls = 0, error: lastError } = before ?? {};
  let repeats = calls;
  let isRepeat = calls > 0;
  let answer: Answer | undefined;
  const failed = (error: ProviderError, putOff = false): TargetOutcome => {
    return { kind: "failed", error, calls, putOff };
  };
  try {
    for (;;) {
      const outcome = await attempt(target, request, { tried, patient, isRepeat }, context);
      const isMade = outcome.kind === "answering" || outcome.line !== undefined;
      if (isMade && lastError !== undefined && calls > 0) {
        events.repeats.inc({ provider: provider.id, reason: lastError.reason });
      }
      if (outcome.kind === "answering") {
        ({ answer } = outcome);
        return outcome;
      }
      const { error, line, tokens } = outcome;
      if (line === undefined) return failed(worthTelling(error, lastError), !patient && othersFirst(error));
      lastError = error;
      calls += 1;
      tried.add(line);
      const hasOtherKey = provider.lines.hasOther(model, tokens, tried);
      const leftMs = leftOf(context);
      const step = nextStep({ error, repeats, maxAttempts, hasOtherKey, patient, leftMs, random });
      if (step.kind === "give_up" || step.kind === "put_off") return failed(error, step.kind === "put_off");
      if (step.kind === "back_off") {
        const end = provider.budget.tryRepeat();
        if (end === undefined) {
          events.repeatsRefused.inc({ provider: provider.id });
          return failed(error);
        }
        await pause(step.waitMs, signal).finally(end);
      }
      isRepeat = step.kind !== "change_key";
      if (isRepeat) repeats += 1;
    }
  } catch (error) {
    if (!isCallError(error)) throw error;
    return failed(toCallError(error));
  } finally {
    if (answer === undefined) over();
    else answer.whenOver(over);
  }
}

/**
 * Why a target has no answer, where its last call was not made: what is wrong with it, not what was in the way. If that
 * is the same, it says better when to come back.
 */
function worthTelling(notMade: ProviderError, last: ProviderError | undefined): ProviderError {
  if (last === undefined || notMade.reason === "canceled") return notMade;
  const { reason, retryAfterMs } = notMade;
  return reason === last.reason && retryAfterMs !== undefined ? { ...last, retryAfterMs } : last;
}
