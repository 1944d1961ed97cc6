import { slow, slowestOf } from "../maths/latency.js";
import { alike, independent, type Member } from "../panel.js";
import { comparePolicies } from "../rounds/compare-policies.js";
import { percent, seconds, share, table } from "../table.js";
import type { Section, Size } from "./section.js";

const panels: readonly (readonly [name: string, members: readonly Member[]])[] = [
  ["five that are right with 0.7", alike(5, 0.7)],
  ["nine that are right with 0.7", alike(9, 0.7)],
  ["0.85 0.75 0.7 0.65 0.6", independent(0.85, 0.75, 0.7, 0.65, 0.6)],
];

/** Rounds in simulated time. */
export function roundsSection({ seed, questions }: Size): Section {
  const few = Math.ceil(questions / 10);
  const results = panels.map(
    ([name, members], i) =>
      [name, comparePolicies(members, { questions: few, count: 4, seed: seed + i })] as const,
  );
  return {
    title: "Rounds in simulated time",
    about:
      `Members answer after log-normal latencies (median ${seconds(slow.medianMs)}, sigma ${slow.sigma}), so the slowest of five ` +
      `has its p95 at ${seconds(slowestOf(5, 0.95, slow))}. Four options. Each round is played by the code of the round service. "Same": the ` +
      "winner is that of waiting for all, by the same statistic: majority, or log-odds where accuracies are known. Cancelled " +
      "calls are paid in part.",
    body: table(
      ["panel and policy", "right", "same", "started", "finished", "p50", "p95"],
      results.flatMap(([name, rows]) => [
        [`${name}:`, "", "", "", "", "", ""],
        ...rows.map((row) => [
          `- ${row.policy.name}`,
          share(row.accuracy),
          percent(row.same),
          row.started.toFixed(2),
          row.finished.toFixed(2),
          seconds(row.p50Ms),
          seconds(row.p95Ms),
        ]),
      ]),
    ),
    checks: results.flatMap(([name, rows]) =>
      rows
        .filter(({ policy }) => policy.name === "lossless")
        .map(({ same }) => ({ name: `lossless winner, ${name}`, exact: 1, simulated: same, questions: few })),
    ),
  };
}
