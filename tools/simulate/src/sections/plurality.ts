import { majorityRight, simulatedAccuracy } from "../maths/voting.js";
import { alike } from "../panel.js";
import { randomFrom } from "../random.js";
import { share, table } from "../table.js";
import type { Section, Size } from "./section.js";

/** How often the plurality of equal, independent members is right. */
export function pluralitySection({ seed, questions }: Size): Section {
  const random = randomFrom(seed);
  const rows = [0.45, 0.6, 0.7, 0.8].flatMap((p) =>
    [1, 3, 5, 7, 9].map((n) => {
      const members = alike(n, p);
      return {
        name: `plurality, n = ${n}, p = ${p}`,
        n,
        p,
        exact: majorityRight(n, p),
        simulated: simulatedAccuracy("plurality", members, { questions, random }),
        ofFour: simulatedAccuracy("plurality", members, { questions, count: 4, random }),
        questions,
      };
    }),
  );
  return {
    title: "Plurality of equal members",
    about:
      "n independent members that are right with probability p. Of four options, errors fall on three wrong ones, so the " +
      "plurality is right more often; of two, more members make a panel of p below one half worse.",
    body: table(
      ["p", "n", "exact, 2 options", "simulated", "simulated, 4 options"],
      rows.map(({ n, p, exact, simulated, ofFour }) => [
        String(p),
        String(n),
        share(exact),
        share(simulated),
        share(ofFour),
      ]),
    ),
    checks: rows,
  };
}
