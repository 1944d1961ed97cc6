import type { ReplyForm } from "../replies/json-reply.js";
import { exactly, listOf, oneOf } from "../replies/schemas.js";
import type { Ranking } from "../voting/borda.js";
import type { DistinctAnswer } from "./distinct-answers.js";
import { jsonPrompt } from "./json-prompt.js";
import { labelled, type LabelledAnswer } from "./labels.js";
import { ranked1 } from "./prompts/ranked-1.js";
import { saidJson } from "./said.js";
import { derivedSeed } from "./shuffle.js";
import type { AggregationInput, Prompt, Reply } from "./strategy.js";

/** What one member is asked to rank. */
export interface RankingBallot {
  readonly member: number;
  /** The texts of others, in an order of its own. */
  readonly answers: readonly LabelledAnswer[];
}

/**
 * One ballot for each member that answered, in the order of the panel: the texts that others wrote. A member with fewer
 * than two to rank has none.
 */
export function ballotsOf(
  { seed }: AggregationInput,
  answers: readonly DistinctAnswer[],
): readonly RankingBallot[] {
  const members = [...new Set(answers.flatMap((answer) => [...answer.members]))].toSorted((a, b) => a - b);
  return members
    .map((member) => ({
      member,
      answers: labelled(
        answers.filter((answer) => isByAnother(answer, member)).map(({ answer }) => answer),
        derivedSeed(seed, `ranking of member ${member}`),
      ),
    }))
    .filter((ballot) => ballot.answers.length > 1);
}

function isByAnother({ members }: DistinctAnswer, member: number): boolean {
  return members.size > 1 || !members.has(member);
}

/** The question to the member of a ballot. */
export function rankingPrompt(input: AggregationInput, { member, answers }: RankingBallot): Prompt {
  return jsonPrompt(input, member, ranked1, answers, formOf(answers));
}

/** The order that a member put its ballot in; null when its reply is missing or is no ranking of all of it. */
export function rankingOf(
  { answers: shown }: RankingBallot,
  answers: readonly DistinctAnswer[],
  reply: Reply | undefined,
): Ranking | null {
  const said = saidJson(reply, formOf(shown));
  if (said === null) return null;
  const byLabel = new Map(shown.map(({ label, answer }) => [label, answer]));
  return said.ranking.flatMap((label) => answers.find(({ answer }) => answer === byLabel.get(label)) ?? []);
}

/** Every label exactly once: a model that leaves one out or names one twice has not ranked them. */
function formOf(answers: readonly LabelledAnswer[]): ReplyForm<{ readonly ranking: readonly string[] }> {
  const labels = answers.map(({ label }) => label);
  return {
    name: "ranking",
    schema: exactly({ ranking: listOf(oneOf(labels)) }),
    is: (json): json is { readonly ranking: readonly string[] } =>
      "ranking" in json &&
      Array.isArray(json.ranking) &&
      json.ranking.length === labels.length &&
      new Set(json.ranking).size === labels.length,
  };
}
