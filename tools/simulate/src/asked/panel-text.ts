import { percent, table } from "../table.js";
import type { PanelResult } from "./ask-panel.js";
import { type Comparison, compare, type Row } from "./rows.js";

const head = [
  "who answers",
  "right",
  "95 % interval",
  "calls",
  "saved",
  "$ / 1,000",
  "p50",
  "p95",
  "beside the best member",
];

/** A panel's table, and in words which strategies are better than its best member. */
export function panelText({ panel, members, strategies, bound }: PanelResult): string {
  const [best] = members;
  const against = (row: Row): Comparison | "" =>
    best === undefined || row.right.length === 0 || row.right === best.right
      ? ""
      : compare(row.right, best.right);
  const abilities = panel.members.map(({ ability }) => ability).join(", ");
  const rows = [
    ...members.map((row, index) => line(row, index === 0 ? "" : against(row))),
    ...strategies.map((row) => line(row, against(row))),
  ];
  return [
    `## ${panel.name}`,
    `${panel.about} Abilities: ${abilities}.`,
    table(head, rows),
    inWords(strategies, against, bound),
  ].join("\n\n");
}

function line(row: Row, against: string): readonly string[] {
  const { name, accuracy, interval, made, saved, costUsd, p50, p95 } = row;
  return [
    name,
    accuracy === null ? "-" : percent(accuracy),
    interval === null ? "-" : interval.map((end) => (100 * end).toFixed(1)).join(" to "),
    made.toFixed(2),
    saved.toFixed(2),
    costUsd?.toFixed(4) ?? "not known",
    `${p50.toFixed(0)} ms`,
    `${p95.toFixed(0)} ms`,
    against,
  ];
}

function inWords(strategies: readonly Row[], against: (row: Row) => string, bound: number): string {
  const named = (comparison: Comparison): string =>
    strategies
      .filter((row) => against(row) === comparison)
      .map(({ name }) => name)
      .join(", ");
  const better = named("better");
  const worse = named("worse");
  const same = named("not told apart");
  return [
    better === ""
      ? "This panel does not beat its best member: no strategy is better than asking that one alone."
      : `Better than the best member: ${better}.`,
    ...(worse === "" ? [] : [`Worse than the best member: ${worse}.`]),
    ...(same === "" ? [] : [`Not told apart from it: ${same}.`]),
    `Some member is right on ${percent(bound)} of the questions: no choice among the answers can do better.`,
  ].join(" ");
}
