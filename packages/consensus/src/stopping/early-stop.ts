import { castBallots, isUnanimous } from "../answers/ballots.js";
import { confidentStop } from "./confident.js";
import { losslessStop } from "./lossless.js";
import type { RoundProgress, RoundRules } from "./round-rules.js";

/** Why the votes so far are enough. Null when they are not. `confident` stops whenever `lossless` would, too. */
export function earlyStop(
  rules: RoundRules,
  progress: RoundProgress,
  outstanding: RoundRules["voters"],
): "lossless" | "confident" | null {
  if (rules.stopEarly === "off") return null;
  const { statistic, stopConfidence: confidence, families = [] } = rules;
  const votes = { ballots: castBallots(progress.answers, rules.answerFormat), outstanding };
  if (losslessStop(votes, statistic)) return "lossless";
  const isCertain =
    rules.stopEarly === "confident" && confidentStop(votes, statistic, { confidence, families });
  return isCertain ? "confident" : null;
}

/** Whether all answers so far say the same. */
export function agreeSoFar({ answerFormat }: RoundRules, { answers }: RoundProgress): boolean {
  return isUnanimous(castBallots(answers, answerFormat));
}
