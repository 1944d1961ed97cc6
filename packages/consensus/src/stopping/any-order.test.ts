import { describe, expect, test } from "vitest";
import { castBallots } from "../answers/ballots.js";
import { fails, playRound, rulesFor, says } from "../testing/rounds.js";
import { fc } from "../testing/seeded.js";
import { type Statistic, standingsBy } from "../voting/statistic.js";

/** What a member does whenever it is asked, and what its vote weighs. Null: it fails. */
interface Seat {
  readonly text: string | null;
  readonly weight: number;
  readonly accuracy?: number;
}

/** Every order of the numbers from 0 to n - 1. */
function ordersOf(n: number): readonly (readonly number[])[] {
  if (n === 0) return [[]];
  return ordersOf(n - 1).flatMap((order) =>
    Array.from({ length: n }, (_, at) => [...order.slice(0, at), n - 1, ...order.slice(at)]),
  );
}

/** What comes of a panel that sits in one order and answers in another: the winner's key, or that the quorum is lost. */
function outcome(
  panel: readonly Seat[],
  arrival: readonly number[],
  options: {
    readonly statistic: Statistic;
    readonly stopEarly: "off" | "lossless";
    readonly quorum: number;
    readonly first?: number;
  },
): string {
  const voters = panel.map(({ weight, accuracy }, member) => ({
    voter: { member, sample: 1 },
    weight,
    ...(accuracy !== undefined && { accuracy }),
  }));
  const rules = rulesFor(panel.length, { ...options, voters });
  const happenings = arrival.map((member) => {
    const text = panel[member]?.text ?? null;
    return text === null ? fails(member) : says(member, text);
  });
  const { words, progress } = playRound(rules, happenings);
  if (words.at(-1) === "quorum_lost") return "quorum lost";
  return standingsBy(options.statistic, castBallots(progress.answers, rules.answerFormat))[0]?.key ?? "";
}

const text = fc.constantFrom("42", "41", "Paris", "", null);
const weight = fc.constantFrom(1, 2, 0.5);
const accuracy = fc.constantFrom(0.9, 0.6, 0.55, 0.4);
const panels = (seat: fc.Arbitrary<Seat>) => fc.array(seat, { minLength: 1, maxLength: 4 });

describe.each(["plurality", "weighted"] as const)(
  "any order of members and of arrival: same outcome, %s",
  (statistic) => {
    test.each([
      ["weights", fc.record({ text, weight })],
      ["accuracies", fc.record({ text, weight, accuracy })],
    ])("%s", (_, seat) => {
      fc.assert(
        fc.property(
          panels(seat),
          fc.constantFrom("off", "lossless" as const),
          fc.nat(),
          (panel, stopEarly, nat) => {
            const quorum = 1 + (nat % panel.length);
            const orders = ordersOf(panel.length);
            const outcomes = orders.flatMap((seating) => {
              const seated = seating.flatMap((from) => panel[from] ?? []);
              return orders.map((arrival) => outcome(seated, arrival, { statistic, stopEarly, quorum }));
            });
            expect(new Set(outcomes).size).toBe(1);
          },
        ),
        { numRuns: 30 },
      );
    });
  },
);

test("those who are asked first stay the same: in any order of arrival the outcome does, too", () => {
  fc.assert(
    fc.property(
      panels(fc.record({ text, weight })),
      fc.constantFrom("off", "lossless" as const),
      fc.nat(),
      fc.nat(),
      (panel, stopEarly, some, few) => {
        const quorum = 1 + (some % panel.length);
        const first = 1 + (few % panel.length);
        const outcomes = ordersOf(panel.length).map((arrival) =>
          outcome(panel, arrival, { statistic: "plurality", stopEarly, quorum, first }),
        );
        expect(new Set(outcomes).size).toBe(1);
      },
    ),
    { numRuns: 300 },
  );
});
