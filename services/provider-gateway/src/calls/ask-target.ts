import type { CompletionRequest } from "@synod/contracts/provider";
import type { Line } from "../control/line.js";
import type { ProviderError } from "../providers/provider-error.js";
import type { Target } from "../providers/target.js";
import type { Answer } from "./answer.js";
import { attempt } from "./attempt.js";
import { type AskContext, leftOf } from "./context.js";
import { isCallError, toCallError } from "./io-failure.js";
import { nextStep } from "./next-step.js";

/** What became of a target: an answer that has begun, or why there is none. */
export type TargetOutcome =
  | { readonly kind: "answering"; readonly answer: Answer }
  | {
      readonly kind: "failed";
      readonly error: ProviderError;
      /** Upstream calls that were made, earlier ones included. */
      readonly calls: number;
    };

/** How a target is asked. */
export interface TargetOptions {
  /** Whether to wait for a limit to pass. */
  readonly patient: boolean;
  /** Upstream calls that this target got for the same question before others were asked. */
  readonly earlierCalls: number;
}

/**
 * Asks one target, again where that may help: after a wait, or with another key. Nothing is asked again once anything of
 * an answer has come.
 */
export async function askTarget(
  target: Target,
  request: CompletionRequest,
  { patient, earlierCalls }: TargetOptions,
  context: AskContext,
): Promise<TargetOutcome> {
  const { provider, model } = target;
  const over = provider.budget.began();
  const tried = new Set<Line>();
  let calls = earlierCalls;
  let repeats = earlierCalls;
  let ordinaryTier = false;
  let repeatOver: (() => void) | undefined;
  let answer: Answer | undefined;
  const failed = (error: ProviderError): TargetOutcome => ({ kind: "failed", error, calls });
  try {
    for (;;) {
      const outcome = await attempt(target, request, { tried, patient, ordinaryTier }, context);
      if (outcome.kind === "answering") {
        ({ answer } = outcome);
        return outcome;
      }
      repeatOver?.();
      repeatOver = undefined;
      const { error, line, tokens } = outcome;
      if (line === undefined) return failed(error);
      calls += 1;
      tried.add(line);
      const { maxAttempts } = provider.settings;
      const hasOtherKey = provider.lines.hasOther(model, tokens, tried);
      const leftMs = leftOf(context);
      const { random } = context;
      const step = nextStep({ error, repeats, maxAttempts, hasOtherKey, patient, leftMs, random });
      if (step.kind === "give_up") return failed(error);
      if (step.kind === "repeat") {
        repeatOver = provider.budget.tryRepeat();
        if (repeatOver === undefined) {
          context.events.repeatsRefused.inc({ provider: provider.id });
          return failed(error);
        }
        repeats += 1;
        ordinaryTier ||= error.tierFull === true;
        await provider.room.park(step.waitMs, context.signal);
      }
      context.events.repeats.inc({ provider: provider.id, reason: error.reason });
    }
  } catch (error) {
    if (!isCallError(error)) throw error;
    return failed(toCallError(error));
  } finally {
    repeatOver?.();
    if (answer === undefined) over();
    else answer.whenOver(over);
  }
}
