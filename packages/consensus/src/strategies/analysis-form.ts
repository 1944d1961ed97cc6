import type { ReplyForm } from "../replies/json-reply.js";
import { anyText, exactly, listOf, oneOf } from "../replies/schemas.js";
import type { LabelledAnswer } from "./labels.js";

/** What a comparison of answers found. Answers are named by their labels. */
export interface Analysis {
  readonly consensus: readonly string[];
  readonly contradictions: readonly {
    readonly point: string;
    readonly claims: readonly { readonly answer: string; readonly claim: string }[];
  }[];
  readonly partial_coverage: readonly { readonly point: string; readonly answers: readonly string[] }[];
  readonly unique_insights: readonly { readonly point: string; readonly answer: string }[];
  readonly blind_spots: readonly string[];
}

/** The form of a comparison of these answers. It names no answer that is not among them. */
export function analysisForm(answers: readonly LabelledAnswer[]): ReplyForm<Analysis> {
  const label = oneOf(answers.map((answer) => answer.label));
  return {
    name: "analysis",
    schema: exactly({
      consensus: listOf(anyText),
      contradictions: listOf(
        exactly({ point: anyText, claims: listOf(exactly({ answer: label, claim: anyText })) }),
      ),
      partial_coverage: listOf(exactly({ point: anyText, answers: listOf(label) })),
      unique_insights: listOf(exactly({ point: anyText, answer: label })),
      blind_spots: listOf(anyText),
    }),
    is: (json): json is Analysis => "blind_spots" in json,
  };
}
