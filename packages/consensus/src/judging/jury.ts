import type { Finding, JudgeVote, Verdict } from "./verdict.js";

/**
 * What a jury says: only what the judgements that are in force, whatever a missing judge would have said.
 *
 * - `right`: at least `votesNeeded` judges say right.
 * - `wrong`: so many say wrong that `votesNeeded` rights are impossible, were all others to say right.
 * - `none`: neither, and a missing judge could have decided it either way.
 * - `unsure`: neither, and no missing judge could have: those who are unsure leave it open.
 *
 * With no judge missing and none unsure, it is `right` or `wrong`. `votesNeeded`: 1 to the number of votes.
 */
export function juryVerdict(votes: readonly JudgeVote[], votesNeeded: number): Verdict["kind"] {
  const says = (verdict: string): number =>
    votes.filter((vote) => vote.judgement?.verdict === verdict).length;
  const missing = votes.filter((vote) => vote.judgement === null).length;
  const right = says("right");
  const wrong = says("wrong");
  const blocking = votes.length - votesNeeded + 1;
  if (votes.length === 0) return "none";
  if (right >= votesNeeded) return "right";
  if (wrong >= blocking) return "wrong";
  return right + missing >= votesNeeded || wrong + missing >= blocking ? "none" : "unsure";
}

/** The findings of the judges who said wrong, in the order of the votes. */
export function juryFindings(votes: readonly JudgeVote[]): readonly Finding[] {
  return votes.flatMap((vote) => (vote.judgement?.verdict === "wrong" ? vote.judgement.findings : []));
}

/** The verdict of a jury with its findings. `promptVersion`: of the prompt that the judges saw. */
export function verdictOf(votes: readonly JudgeVote[], votesNeeded: number, promptVersion: string): Verdict {
  return { kind: juryVerdict(votes, votesNeeded), findings: juryFindings(votes), votes, promptVersion };
}
