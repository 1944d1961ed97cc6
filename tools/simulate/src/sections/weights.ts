import { exactAccuracy, simulatedAccuracy } from "../maths/voting.js";
import { independent, type Member } from "../panel.js";
import { randomFrom } from "../random.js";
import { share, table } from "../table.js";
import type { Section, Size } from "./section.js";

const panels: readonly (readonly [name: string, members: readonly Member[]])[] = [
  ["0.85 0.75 0.7 0.65 0.6", independent(0.85, 0.75, 0.7, 0.65, 0.6)],
  ["0.7 0.7 0.7 0.7 0.7", independent(0.7, 0.7, 0.7, 0.7, 0.7)],
  ["0.9 0.6 0.6 0.6 0.6", independent(0.9, 0.6, 0.6, 0.6, 0.6)],
  ["0.8 0.8 0.8 0.3 0.3", independent(0.8, 0.8, 0.8, 0.3, 0.3)],
  ["0.45 0.45 0.45 0.45 0.45", independent(0.45, 0.45, 0.45, 0.45, 0.45)],
];
const copies = ["x", "x", "x", "y", "z"].map((family) => ({ accuracy: 0.7, family }));
/** Where three of five are copies, they alone are the majority. */
const copiesRight = 0.7;

/** Whether a panel is better than its best member. */
export function weightsSection({ seed, questions }: Size): Section {
  const random = randomFrom(seed);
  const rows = panels.map(([name, members]) => ({
    name,
    best: Math.max(...members.map(({ accuracy }) => accuracy)),
    majority: exactAccuracy("plurality", members),
    weighted: exactAccuracy("weighted", members),
    simulated: simulatedAccuracy("weighted", members, { questions, random }),
  }));
  const copied = simulatedAccuracy("plurality", copies, { questions, random });
  return {
    title: "Majority, log-odds and the best single member",
    about:
      "Two options, exact by trying all answers. The panel beats its best member only where the last column says so: one " +
      "strong member is outvoted by four weak ones, log-odds give that member the word and gain nothing beside it, more " +
      "members that are wrong more often than not make it worse, and copies of a member are one member.",
    body: table(
      ["members", "best single", "majority", "weighted", "weighted, simulated", "beats its best"],
      [
        ...rows.map(({ name, best, majority, weighted, simulated }) => [
          name,
          share(best),
          share(majority),
          share(weighted),
          share(simulated),
          verdict(best, majority, weighted),
        ]),
        ["0.7 and two copies of it, 0.7 0.7", share(0.7), share(copiesRight), "-", "-", "neither"],
      ],
    ),
    checks: [
      ...rows.map(({ name, weighted, simulated }) => ({
        name: `weighted, ${name}`,
        exact: weighted,
        simulated,
        questions,
      })),
      { name: "majority, three copies", exact: copiesRight, simulated: copied, questions },
    ],
  };
}

function verdict(best: number, majority: number, weighted: number): string {
  const better = [
    ...(majority > best + 1e-9 ? ["majority"] : []),
    ...(weighted > best + 1e-9 ? ["weighted"] : []),
  ];
  return better.length === 0 ? "neither" : better.join(", ");
}
