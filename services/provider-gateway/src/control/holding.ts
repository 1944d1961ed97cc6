import type { LimitStates } from "../providers/codec.js";
import type { Limits, Taken } from "./limits.js";
import type { Visitor } from "./waiting-room.js";

/** What one call took of the limits of its model, and of those of its key. */
export interface Holding {
  /** The provider said what is left for the model. */
  observe(states: LimitStates): void;
  /** The call was not made. Does nothing after `settle`. */
  giveBack(): void;
  /** The call is over. */
  settle(): void;
}

/**
 * Waits until a call of so many tokens fits into the limits of its model, then into those of its key.
 *
 * @returns undefined when it would wait in vain by now.
 * @throws ProviderFailure as `Limits.take`.
 */
export async function takeOf(
  ofModel: Limits,
  ofKey: Limits,
  tokens: number,
  visitor: Visitor,
): Promise<Holding | undefined> {
  const taken = await ofModel.take(tokens, visitor);
  if (taken === undefined) return undefined;
  let takenOfKey: Taken | undefined;
  try {
    takenOfKey = await ofKey.take(tokens, visitor);
  } finally {
    if (takenOfKey === undefined) ofModel.giveBack(taken);
  }
  if (takenOfKey === undefined) return undefined;
  const both = [
    [ofModel, taken],
    [ofKey, takenOfKey],
  ] as const;
  return {
    observe: (states) => ofModel.observe(taken, states),
    giveBack: () => both.forEach(([limits, each]) => limits.giveBack(each)),
    settle: () => both.forEach(([limits, each]) => limits.settle(each)),
  };
}
