import type { ReplyForm } from "../replies/json-reply.js";
import { exactly, listOf, oneOf } from "../replies/schemas.js";
import type { LabelledAnswer } from "./labels.js";

/** Labels of answers, the best first. */
export interface Ranking {
  readonly ranking: readonly string[];
}

/** The form of a ranking: every label exactly once. A model that leaves one out or names one twice has not ranked them. */
export function rankingForm(answers: readonly LabelledAnswer[]): ReplyForm<Ranking> {
  const labels = answers.map(({ label }) => label);
  return {
    name: "ranking",
    schema: exactly({ ranking: listOf(oneOf(labels)) }),
    is: (json): json is Ranking =>
      "ranking" in json &&
      Array.isArray(json.ranking) &&
      json.ranking.length === labels.length &&
      new Set(json.ranking).size === labels.length,
  };
}
