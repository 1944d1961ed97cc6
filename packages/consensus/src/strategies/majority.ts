import { pluralityOutcome } from "./plurality.js";
import type { Strategy } from "./strategy.js";

/**
 * The answer that most voters gave. Each answer is one vote; weights break ties. No model is asked.
 *
 * The outcome's text is empty when no answer votes.
 */
export const majority: Strategy = {
  name: "majority",
  needsModel: false,
  votes: true,
  statistic: "plurality",
  calls: () => [],
  next: (input) => ({ outcome: pluralityOutcome(input.answers, input.answerFormat) }),
};
