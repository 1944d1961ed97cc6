import { analysis } from "./analysis.js";
import { bestOf } from "./best-of.js";
import { concatenate } from "./concatenate.js";
import { fields } from "./fields.js";
import { layered } from "./layered.js";
import { majority } from "./majority.js";
import { mostConsistent } from "./most-consistent.js";
import { ranked } from "./ranked.js";
import type { Strategy, StrategyName } from "./strategy.js";
import { synthesis } from "./synthesis.js";
import { toolCalls } from "./tool-calls.js";
import { weighted } from "./weighted.js";

/** Every strategy by its name. */
export const strategies = {
  concatenate,
  majority,
  synthesis,
  weighted,
  fields,
  tool_calls: toolCalls,
  analysis,
  most_consistent: mostConsistent,
  best_of: bestOf,
  ranked,
  layered,
} as const satisfies Record<StrategyName, Strategy>;
