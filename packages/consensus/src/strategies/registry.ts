import { concatenate } from "./concatenate.js";
import { majority } from "./majority.js";
import type { Strategy, StrategyName } from "./strategy.js";
import { synthesis } from "./synthesis.js";

/** Every strategy by its name. */
export const strategies = { concatenate, majority, synthesis } as const satisfies Record<
  StrategyName,
  Strategy
>;
