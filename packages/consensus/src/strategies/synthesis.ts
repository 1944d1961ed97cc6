import { hasVote } from "./has-vote.js";
import { labelled } from "./labels.js";
import { unavailableOutcome, writtenOutcome } from "./outcomes.js";
import { pluralityOutcome, votesOf } from "./plurality.js";
import { synthesis1 } from "./prompts/synthesis-1.js";
import { saidText } from "./said.js";
import type { Strategy } from "./strategy.js";
import { writerPrompt } from "./writer-prompt.js";

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
    const answers = hasVote(input.answers, votesOf(input.answers, input.answerFormat));
    if (answers.length === 0) return { outcome: pluralityOutcome(input.answers, input.answerFormat) };
    const prompt = writerPrompt(input, synthesis1, labelled(answers, input.seed));
    if (replies.length === 0) return { ask: [prompt] };
    const text = saidText(replies[0]);
    return {
      outcome:
        text === null
          ? unavailableOutcome(input, prompt.version)
          : writtenOutcome(input, text, prompt.version),
    };
  },
};
