import { calibration } from "../maths/calibration.js";
import { alike, independent, type Member } from "../panel.js";
import { percent, share, table } from "../table.js";
import type { Section, Size } from "./section.js";

interface Case {
  readonly name: string;
  readonly members: readonly Member[];
  readonly confidence: number;
  readonly families?: readonly string[];
}

const copies: readonly Member[] = ["x", "x", "x", "y", "z"].map((family) => ({ accuracy: 0.7, family }));
const families = ["x", "x", "x", "y", "z"];
const mixed = independent(0.85, 0.75, 0.7, 0.65, 0.6, 0.8, 0.7, 0.75, 0.65);
const cases: readonly Case[] = [
  { name: "nine at 0.7, stop at 0.9", members: alike(9, 0.7), confidence: 0.9 },
  { name: "nine at 0.7, stop at 0.95", members: alike(9, 0.7), confidence: 0.95 },
  { name: "nine at 0.6 to 0.85, stop at 0.95", members: mixed, confidence: 0.95 },
  { name: "nine at 0.6 to 0.85, stop at 0.99", members: mixed, confidence: 0.99 },
  { name: "three copies and two, taken for five", members: copies, confidence: 1 },
  { name: "three copies and two, known as copies", members: copies, confidence: 1, families },
];

/** Whether what is claimed is true. */
export function confidenceSection({ seed, questions }: Size): Section {
  const rows = cases.map((one, i) => ({
    ...one,
    ...calibration(one.members, { ...one, questions, count: 2, seed: seed + i }),
  }));
  return {
    title: "Claimed confidence and how often it is right",
    about:
      "Members of known accuracy answer one after the other until the posterior of the winner is high enough. What is " +
      "claimed is true where members are independent, or their family is known; copies taken for voters of their own " +
      "claim too much.",
    body: table(
      ["members", "claimed", "right", "stopped early", "answers"],
      rows.map(({ name, claimed, right, early, asked }) => [
        name,
        share(claimed),
        share(right),
        percent(early),
        asked.toFixed(2),
      ]),
    ),
    checks: rows
      .filter(({ members, families: known }) => members !== copies || known !== undefined)
      .map(({ name, claimed, right }) => ({
        name: `confidence, ${name}`,
        exact: claimed,
        simulated: right,
        questions,
      })),
  };
}
