import { asked, exactSaving } from "../maths/saving.js";
import { alike, ask } from "../panel.js";
import { randomFrom } from "../random.js";
import { mean } from "../stats.js";
import { percent, table } from "../table.js";
import type { Section, Size } from "./section.js";

/** What the lossless stop saves where members are asked one after the other. */
export function savingSection({ seed, questions }: Size): Section {
  const random = randomFrom(seed);
  const few = Math.ceil(questions / 10);
  const rows = [0.6, 0.7, 0.8].flatMap((p) =>
    [5, 7, 9].map((n) => {
      const members = alike(n, p);
      const saved = Array.from(
        { length: few },
        () => 1 - asked("plurality", ask(members, 2, random).answers, members) / n,
      );
      return {
        name: `lossless saving, n = ${n}, p = ${p}`,
        n,
        p,
        exact: exactSaving("plurality", members),
        simulated: mean(saved),
        questions: few,
      };
    }),
  );
  return {
    title: "Calls that the lossless stop saves",
    about:
      "n equal members that answer one after the other; the stop comes when no other answer can win any more. The winner " +
      "is always that of all answers. Two options, exact by trying all answers.",
    body: table(
      ["p", "n", "exact", "simulated"],
      rows.map(({ n, p, exact, simulated }) => [String(p), String(n), percent(exact), percent(simulated)]),
    ),
    checks: rows,
  };
}
