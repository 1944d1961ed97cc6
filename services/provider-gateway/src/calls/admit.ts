import { afterHintMs } from "../control/backoff.js";
import type { Line, Pass } from "../control/line.js";
import type { Release } from "../control/waiting-room.js";
import { type ProviderError, ProviderFailure } from "../providers/provider-error.js";
import type { Target } from "../providers/target.js";
import { type AskContext, leftOf } from "./context.js";

/** A call that may be made now. */
export interface Admission {
  readonly line: Line;
  readonly pass: Pass;
  /** Gives the places back. */
  readonly release: Release;
}

/** A call that wants to be made. */
export interface Applicant {
  /** What it may read and write, in tokens, for limits that count them. */
  readonly tokens: number;
  /** Lines to be asked again only when there is no other. */
  readonly tried: ReadonlySet<Line>;
  /** Whether to wait for a limit to pass. Otherwise somebody else is asked meanwhile. */
  readonly patient: boolean;
}

/**
 * Waits until a call of this target may be made: for a limit to pass, then for a place.
 *
 * @throws ProviderFailure when it may not, or not in time. No upstream call was made then.
 */
export async function admit(target: Target, call: Applicant, context: AskContext): Promise<Admission> {
  const { provider, model } = target;
  for (;;) {
    const choice = provider.lines.choose(model, call.tokens, call.tried);
    if (choice.kind === "shut") throw new ProviderFailure(choice.error);
    if (choice.kind === "limited") {
      const waitMs = afterHintMs(choice.waitMs, context.random);
      if (!call.patient || waitMs >= leftOf(context)) throw new ProviderFailure(limited(choice.waitMs));
      await provider.room.park(waitMs, context.signal);
      continue;
    }
    const release = await takePlaces(target, context);
    const pass = choice.line.enter(call.tokens);
    if (pass !== undefined) return { line: choice.line, pass, release };
    // While it waited for a place, the line was limited or shut.
    release();
  }
}

/** Always the model's room first: two calls can never wait for each other. */
async function takePlaces({ provider, model }: Target, context: AskContext): Promise<Release> {
  const { signal } = context;
  const ofModel = await provider.roomOf(model)?.take(signal, leftOf(context));
  try {
    const ofProvider = await provider.room.take(signal, leftOf(context));
    return () => {
      ofProvider();
      ofModel?.();
    };
  } catch (error) {
    ofModel?.();
    throw error;
  }
}

function limited(waitMs: number): ProviderError {
  return {
    reason: "rate_limit_exceeded",
    message: `not asked, for its limit is used up for another ${Math.ceil(waitMs / 1_000)} s`,
    retryable: true,
    retryAfterMs: Math.ceil(waitMs),
    failOver: "any",
    repeats: 0,
    blames: "nobody",
  };
}
