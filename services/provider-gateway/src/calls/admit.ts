import type { Line, Pass } from "../control/line.js";
import { usedUp } from "../control/limits.js";
import type { Release } from "../control/places.js";
import type { Visit, Visitor } from "../control/waiting-room.js";
import { ProviderFailure } from "../providers/provider-error.js";
import type { Target } from "../providers/target.js";
import { type AskContext, leftOf } from "./context.js";
import { toCallError } from "./io-failure.js";

/** A call that may be made now. */
export interface Admission {
  readonly line: Line;
  readonly pass: Pass;
  /** To be called when the first token is there or the call has failed: from then on it is no running repeat. */
  readonly begun: Release;
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
  /** Whether it counts in the retry budget. */
  readonly isRepeat: boolean;
}

/**
 * Waits until a call of this target may be made. It queues for one thing after the other, and keeps what it has: the
 * limits of the model, those of the key, the retry budget if it is a repeat, a place of the model, a place of the
 * provider. Everybody goes the same way, so no two can wait for each other.
 *
 * @throws ProviderFailure when it may not, or not in time. No upstream call was made then.
 */
export async function admit(target: Target, call: Applicant, context: AskContext): Promise<Admission> {
  const { id: provider, room } = target.provider;
  const { events, signal } = context;
  const startedAt = performance.now();
  const visit = room.enter({ signal, leftMs: () => leftOf(context) });
  try {
    return await findWay(target, call, visit);
  } catch (error) {
    const { reason } = toCallError(error);
    if (reason !== "canceled") events.refused.inc({ provider, reason });
    throw error;
  } finally {
    visit.leave();
    if (visit.waited) events.waited.observe({ provider }, (performance.now() - startedAt) / 1_000);
  }
}

async function findWay(target: Target, call: Applicant, visit: Visit): Promise<Admission> {
  const { lines } = target.provider;
  for (;;) {
    const choice = lines.choose(target.model, call.tokens, call.tried);
    if (choice.kind === "shut") throw new ProviderFailure(choice.error);
    if (choice.waitMs > 0 && !call.patient) throw new ProviderFailure(usedUp(choice.waitMs));
    const admission = await enter(target, choice.line, call, visit);
    // Otherwise the line was closed while the call waited: it may be longer now, or another may be shorter.
    if (admission !== undefined) return admission;
  }
}

async function enter(
  target: Target,
  line: Line,
  { tokens, isRepeat }: Applicant,
  visitor: Visitor,
): Promise<Admission | undefined> {
  const reservation = await line.reserve(tokens, visitor);
  if (reservation === undefined) return undefined;
  let begun: Release = () => {};
  let release: Release = () => {};
  let pass: Pass | undefined;
  try {
    if (isRepeat) begun = await target.provider.budget.repeat(visitor);
    release = await takePlaces(target, visitor);
    pass = reservation.start();
  } finally {
    if (pass === undefined) {
      release();
      begun();
      reservation.giveBack();
    }
  }
  return pass && { line, pass, begun, release };
}

/** Always the model's first. */
async function takePlaces({ provider, model }: Target, visitor: Visitor): Promise<Release> {
  const ofModel = await provider.placesOf(model)?.take(visitor);
  try {
    const ofProvider = await provider.places.take(visitor);
    return () => {
      ofProvider();
      ofModel?.();
    };
  } catch (error) {
    ofModel?.();
    throw error;
  }
}
