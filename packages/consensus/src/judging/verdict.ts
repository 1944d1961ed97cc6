import type { Failure } from "../run/failure.js";
import type { Usage } from "../run/usage.js";

/** One thing that is wrong with an answer. */
export interface Finding {
  /** The words of the answer that it is about. Empty when it is about what is missing. */
  readonly quote: string;
  readonly problem: string;
  readonly severity: "minor" | "major" | "critical";
}

/** What a judge's reply says. */
export interface Judgement {
  readonly verdict: "right" | "wrong" | "unsure";
  readonly findings: readonly Finding[];
  /** 0 to 1, or null when the judge did not say. */
  readonly confidence: number | null;
}

/** What one judge came to: a judgement, or why there is none; and what it cost. */
export interface JudgeVote {
  readonly model: string;
  readonly judgement: Judgement | null;
  readonly failure: Failure | null;
  /** The upstream calls that were started: one, more when the reply needed a repair, none when it could not be asked. */
  readonly calls: readonly { readonly usage: Usage | null; readonly latencyMs: number }[];
}

/** What the jury says. `none`: too few judges gave a verdict. */
export interface Verdict {
  readonly kind: "right" | "wrong" | "unsure" | "none";
  readonly findings: readonly Finding[];
  readonly votes: readonly JudgeVote[];
  /** The version of the prompt that the judges saw. Example: `validate/1`. */
  readonly promptVersion: string;
}
