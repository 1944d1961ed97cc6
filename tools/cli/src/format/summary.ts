import type { ChatAnswer, Consensus } from "@synod/client";
import { oneLine } from "./escape.js";
import { count, dollars, duration, share } from "./figures.js";
import { cut } from "./table.js";

/** What there is to say of an answer beside its text: lines, each fit for a terminal. */
export function summaryOf(
  { usage, costUsd, consensus, finishReason }: ChatAnswer,
  tookMs: number,
): readonly string[] {
  const tokens = count(usage.inputTokens + usage.outputTokens, "token");
  const ended = finishReason === "stop" || finishReason === "unknown" ? [] : [`ended by ${finishReason}`];
  if (consensus === null) return [[tokens, dollars(costUsd), duration(tookMs), ...ended].join(" · ")];
  return [
    [...figuresOf(consensus), duration(tookMs), ...ended].join(" · "),
    ...notesOn(consensus),
    `run ${consensus.runId}`,
  ];
}

/** How far the voters agree, and what it took. */
export function figuresOf({ agreement, confidence, calls, usage, costUsd }: Consensus): readonly string[] {
  return [
    ...(agreement === null ? [] : [`agreement ${share(agreement)}`]),
    ...(confidence === null ? [] : [`confidence ${share(confidence)}`]),
    `${count(calls.made, "call")}${calls.saved === 0 ? "" : `, ${calls.saved} saved`}`,
    count(usage.inputTokens + usage.outputTokens, "token"),
    dollars(costUsd),
  ];
}

/** What is worth knowing of how an answer came about: who dissents, what the judge said, what went wrong. */
export function notesOn({
  dissent,
  judge,
  degraded,
  simulated,
  formatProblem,
}: Consensus): readonly string[] {
  return [
    ...dissent.map(
      ({ answerKey, models }) => `dissent: ${cut(oneLine(answerKey), 60)} (${models.join(", ")})`,
    ),
    ...(judge === null ? [] : [`judge: ${judge.verdict ?? "no verdict"}`]),
    ...(judge?.findings ?? []).map(({ severity, problem }) => `judge: ${severity}: ${problem}`),
    ...(degraded.length === 0 ? [] : [`not as configured: ${degraded.join(", ")}`]),
    ...(formatProblem === null ? [] : [`not of the shape that was asked for: ${formatProblem}`]),
    ...(simulated ? ["simulated: no real model was asked"] : []),
  ].map(oneLine);
}
