import { distinctAnswers } from "./distinct-answers.js";
import { labelled } from "./labels.js";
import { pickedOutcome, unavailableOutcome, writtenOutcome } from "./outcomes.js";
import { ballotsOf, isRanking, rankingPrompt } from "./ranking-ballots.js";
import { rankedAnswer1 } from "./prompts/ranked-answer-1.js";
import { ranked1 } from "./prompts/ranked-1.js";
import { orderOf, rankingText } from "./ranking-order.js";
import { saidText } from "./said.js";
import { section } from "./sections.js";
import type { Strategy } from "./strategy.js";
import { synthesis } from "./synthesis.js";
import { writerPrompt } from "./writer-prompt.js";

/**
 * Each member that answered ranks the answers of the others, never its own, and the aggregator, as the chair, writes the
 * answer with the ranking before it. The order is that of the Borda mean; an answer that beats every other one in the
 * majority of rankings stands first whatever its mean.
 *
 * A member is asked once, however many samples it gave, and only if it has at least two texts to rank; where nobody has,
 * the answers are synthesised. A ranking that fails or cannot be read counts for nothing. When all do, the plurality of
 * the answers is the outcome; when the chair fails, the answer that is ranked first. The agreement is that of the votes
 * with what goes out.
 *
 * Sources: language model council, arXiv:2406.08598; Borda 1781; Condorcet 1785.
 */
export const ranked: Strategy = {
  name: "ranked",
  needsModel: true,
  votes: false,
  calls: (answers) => (answers < 3 ? [1] : [answers, 1]),
  next(input, replies) {
    const answers = distinctAnswers(input);
    const ballots = ballotsOf(input, answers);
    if (ballots.length === 0) return synthesis.next(input, replies);
    if (replies.length === 0) return { ask: ballots.map((ballot) => rankingPrompt(input, ballot)) };
    ...
  },
};
