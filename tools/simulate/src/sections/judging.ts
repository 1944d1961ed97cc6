import { gateEffect, juryFlags, simulatedGate } from "../maths/judging.js";
import { randomFrom } from "../random.js";
import { share, table } from "../table.js";
import type { Section, Size } from "./section.js";

const jury = { s: juryFlags(3, 2, 0.7), f: juryFlags(3, 2, 0.2) };
const gates = [
  { name: "no judge", p: 0.7, s: 0, f: 0, tries: 1 },
  { name: "good judge", p: 0.7, s: 0.8, f: 0.1, tries: 3 },
  { name: "one of s 0.7, f 0.2", p: 0.7, s: 0.7, f: 0.2, tries: 3 },
  { name: "two of three such", p: 0.7, ...jury, tries: 3 },
  { name: "judge that flags by lot", p: 0.7, s: 0.5, f: 0.5, tries: 3 },
  { name: "bad judge", p: 0.7, s: 0.3, f: 0.4, tries: 3 },
];

/** What a gate makes of answers that are right with probability 0.7. */
export function judgingSection({ seed, questions }: Size): Section {
  const random = randomFrom(seed);
  const rows = gates.map((gate) => ({
    gate,
    exact: gateEffect(gate),
    simulated: simulatedGate(gate, questions, random),
  }));
  return {
    title: "A judge before the answer goes out",
    about:
      "The judge calls wrong answers wrong with probability s and right ones with f; a rejected answer is made anew, three " +
      "tries at most, and the last one goes out. It helps if and only if s is above f.",
    body: table(
      ["judge", "s", "f", "right", "simulated", "answers made", "simulated"],
      rows.map(({ gate, exact, simulated }) => [
        gate.name,
        gate.s.toFixed(3),
        gate.f.toFixed(3),
        share(exact.right),
        share(simulated.right),
        exact.tries.toFixed(3),
        simulated.tries.toFixed(3),
      ]),
    ),
    checks: rows.map(({ gate, exact, simulated }) => ({
      name: `gate, ${gate.name}`,
      exact: exact.right,
      simulated: simulated.right,
      questions,
    })),
  };
}
