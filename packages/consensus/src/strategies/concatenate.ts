import { hasVote } from "./has-vote.js";
import { labelled } from "./labels.js";
import { votesOf } from "./plurality.js";
import type { Strategy } from "./strategy.js";

/**
 * The answers, each under its label, with an empty line between them. No model is asked, and there is no agreement:
 * nothing is decided. Answers without a vote are left out.
 */
export const concatenate: Strategy = {
  name: "concatenate",
  needsModel: false,
  votes: false,
  calls: () => [],
  next(input) {
    const votes = votesOf(input.answers, input.answerFormat);
    const blocks = labelled(hasVote(input.answers, votes), input.seed).map(
      ({ label, answer }) => `${label}:\n${answer.text}`,
    );
    return {
      outcome: {
        text: blocks.join("\n\n"),
        answerKey: "",
        agreement: null,
        votes,
        promptVersion: "",
        aggregatorUnavailable: false,
      },
    };
  },
};
