import type { ReplyForm } from "../replies/json-reply.js";
import { exactly, oneOf } from "../replies/schemas.js";
import { hasVote } from "./has-vote.js";
import { jsonPrompt } from "./json-prompt.js";
import { labelled, type LabelledAnswer } from "./labels.js";
import { pickedOutcome, unavailableOutcome } from "./outcomes.js";
import { pluralityOutcome, votesOf } from "./plurality.js";
import { mostConsistent1 } from "./prompts/most-consistent-1.js";
import { saidJson } from "./said.js";
import type { Strategy } from "./strategy.js";

/**
 * A model picks the answer that is most consistent with the others, and that answer goes out word for word. It is asked
 * once, and not at all when fewer than two answers have a vote.
 *
 * Its reply must name one of the labels. If it fails or says anything else, the plurality of the answers is the outcome.
 * The agreement is the share of the votes for the picked answer's key.
 *
 * Source: universal self-consistency, arXiv:2311.17311.
 */
export const mostConsistent: Strategy = {
  name: "most_consistent",
  needsModel: true,
  votes: false,
  calls: (answers) => (answers < 2 ? [] : [1]),
  next(input, replies) {
    const voting = hasVote(input.answers, votesOf(input.answers, input.answerFormat));
    if (voting.length < 2) return { outcome: pluralityOutcome(input.answers, input.answerFormat) };
    const answers = labelled(voting, input.seed);
    const form = pickForm(answers);
    const prompt = jsonPrompt(input, "aggregator", mostConsistent1, answers, form);
    if (replies.length === 0) return { ask: [prompt] };
    const label = saidJson(replies[0], form)?.most_consistent;
    const picked = answers.find((answer) => answer.label === label)?.answer;
    return {
      outcome:
        picked === undefined
          ? unavailableOutcome(input, prompt.version)
          : pickedOutcome(input, picked, prompt.version),
    };
  },
};

interface Pick {
  readonly most_consistent: string;
}

function pickForm(answers: readonly LabelledAnswer[]): ReplyForm<Pick> {
  return {
    name: "pick",
    schema: exactly({ most_consistent: oneOf(answers.map(({ label }) => label)) }),
    is: (json): json is Pick => "most_consistent" in json,
  };
}
