import { distinctAnswers } from "./distinct-answers.js";
import { labelled } from "./labels.js";
import { pickedOutcome, unavailableOutcome, writtenOutcome } from "./outcomes.js";
import { rankedAnswer1 } from "./prompts/ranked-answer-1.js";
import { ranked1 } from "./prompts/ranked-1.js";
import { ballotsOf, rankingOf, rankingPrompt } from "./ranking-ballots.js";
import { orderOf, rankingText } from "./ranking-order.js";
import { saidText } from "./said.js";
import { section } from "./sections.js";
import type { Strategy } from "./strategy.js";
import { synthesis } from "./synthesis.js";
import { writerPrompt } from "./writer-prompt.js";

/**
 * Each member that answered ranks the answers of the others, never its own, and the aggregator, as the chair, writes the
 * answer with their ranking before it. The order is that of the Borda mean; an answer that beats every other one in the
 * majority of rankings stands first whatever its mean.
 *
 * A member is asked once, however many samples it gave, and only if it has at least two different texts to rank; where
 * nobody has, the answers are synthesised. A ranking that fails or cannot be read counts for nothing. When all do, the
 * plurality of the answers is the outcome; when the chair fails, the answer that is ranked first. The agreement is that
 * of the votes with what goes out.
 *
 * Sources: peer rank, arXiv:2307.02762; Borda 1781; Condorcet 1785.
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
    const rankings = ballots.flatMap((ballot, i) => {
      const ranking = rankingOf(ballot, answers, replies[i]);
      return ranking === null ? [] : [ranking];
    });
    const order = orderOf(answers, rankings);
    const [first] = order;
    if (rankings.length === 0 || first === undefined) {
      return { outcome: unavailableOutcome(input, ranked1.version) };
    }
    const shown = labelled(
      answers.map(({ answer }) => answer),
      input.seed,
    );
    const ranking = section("Ranking", rankingText(order, shown), input.nonce);
    const writing = writerPrompt(input, rankedAnswer1, shown, [ranking]);
    const chair = replies.slice(ballots.length);
    if (chair.length === 0) return { ask: [writing] };
    const text = saidText(chair[0]);
    return {
      outcome:
        text === null
          ? { ...pickedOutcome(input, first.answer, writing.version), aggregatorUnavailable: true }
          : writtenOutcome(input, text, writing.version),
    };
  },
};
