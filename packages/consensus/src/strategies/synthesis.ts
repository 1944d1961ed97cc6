import { backingOf } from "./backing.js";
import { hasVote } from "./has-vote.js";
import { pluralityOutcome, votesOf } from "./plurality.js";
import { synthesisPrompt } from "./synthesis-prompt.js";
import type { Strategy } from "./strategy.js";

/**
 * One model reads all answers and writes one. It is asked once, and never learns which model wrote what.
 *
 * If it fails or says nothing, the plurality of the answers is the outcome, which is the best single answer by weight
 * where all of them differ. No model is asked when no answer has a vote: the outcome's text is empty then.
 */
export const synthesis: Strategy = {
  name: "synthesis",
  needsModel: true,
  votes: false,
  calls: () => [1],
  next(input, replies) {
    const votes = votesOf(input.answers, input.answerFormat);
    const answers = hasVote(input.answers, votes);
    if (answers.length === 0) return { outcome: pluralityOutcome(input.answers, input.answerFormat) };
    const prompt = synthesisPrompt(input, answers);
    const reply = replies[0];
    if (reply === undefined) return { ask: [prompt] };
    if (reply.status === "failed" || reply.text.trim() === "") {
      const fallback = pluralityOutcome(input.answers, input.answerFormat);
      return { outcome: { ...fallback, promptVersion: prompt.version, aggregatorUnavailable: true } };
    }
    const { answerKey, agreement } = backingOf(reply.text, answers, input.answerFormat);
    return {
      outcome: {
        text: reply.text,
        answerKey,
        agreement,
        votes,
        promptVersion: prompt.version,
        aggregatorUnavailable: false,
      },
    };
  },
};
