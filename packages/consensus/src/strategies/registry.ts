import { concatenate } from "./concatenate.js";
import { fields } from "./fields.js";
import { majority } from "./majority.js";
import type { Strategy, StrategyName } from "./strategy.js";
import { synthesis } from "./synthesis.js";

/** Every strategy by its name. */
export const strategies = { concatenate, majority, synthesis, fields } as const satisfies Record<
  StrategyName,
  Strategy
>;
