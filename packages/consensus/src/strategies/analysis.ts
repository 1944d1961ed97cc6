import { analysisForm } from "./analysis-form.js";
import { hasVote } from "./has-vote.js";
import { jsonPrompt } from "./json-prompt.js";
import { labelled } from "./labels.js";
import { unavailableOutcome, writtenOutcome } from "./outcomes.js";
import { pluralityOutcome, votesOf } from "./plurality.js";
import { analysis1 } from "./prompts/analysis-1.js";
import { analysisAnswer1 } from "./prompts/analysis-answer-1.js";
import { saidJson, saidText } from "./said.js";
import { section } from "./sections.js";
import type { Strategy } from "./strategy.js";
import { writerPrompt } from "./writer-prompt.js";

/**
 * A model compares the answers: consensus, contradictions, partial coverage, unique insights, blind spots, as JSON. Then
 * it is asked to write one answer, with the answers and this analysis before it. Two calls.
 *
 * If one of the two fails or cannot be read, the plurality of the answers is the outcome; after a failed analysis nothing
 * more is asked. The agreement is that of the votes with what was written.
 */
export const analysis: Strategy = {
  name: "analysis",
  needsModel: true,
  votes: false,
  calls: () => [1, 1],
  next(input, replies) {
    const voting = hasVote(input.answers, votesOf(input.answers, input.answerFormat));
    if (voting.length === 0) return { outcome: pluralityOutcome(input.answers, input.answerFormat) };
    const answers = labelled(voting, input.seed);
    const form = analysisForm(answers);
    const comparing = jsonPrompt(input, "aggregator", analysis1, answers, form);
    if (replies.length === 0) return { ask: [comparing] };
    const found = saidJson(replies[0], form);
    if (found === null) return { outcome: unavailableOutcome(input, comparing.version) };
    const shown = section("Analysis", JSON.stringify(found), input.nonce);
    const writing = writerPrompt(input, analysisAnswer1, answers, [shown]);
    if (replies.length === 1) return { ask: [writing] };
    const text = saidText(replies[1]);
    return {
      outcome:
        text === null
          ? unavailableOutcome(input, writing.version)
          : writtenOutcome(input, text, writing.version),
    };
  },
};
