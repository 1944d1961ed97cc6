import type { Strategy } from "./strategy.js";
import { voteOutcome } from "./vote-outcome.js";

/**
 * The answer whose votes weigh most: the members' weights as configured; where the accuracy of every voter is known, its
 * log-odds (Nitzan & Paroush 1982), so that one that is mostly wrong counts against what it says. See
 * `weightedStandings`. No model is asked.
 *
 * The outcome's text is empty when no answer votes.
 */
export const weighted: Strategy = {
  name: "weighted",
  needsModel: false,
  votes: true,
  statistic: "weighted",
  calls: () => [],
  next: ({ answers, answerFormat }) => ({ outcome: voteOutcome(answers, answerFormat, "weighted") }),
};
