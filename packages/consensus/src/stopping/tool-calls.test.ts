import { expect, test } from "vitest";
import { castBallots } from "../answers/ballots.js";
import { offeredTools } from "../answers/offered-tools.js";
import { playRound, rulesFor, voter } from "../testing/rounds.js";
import { fc } from "../testing/seeded.js";
import { completion } from "../testing/specs.js";
import { standings } from "../voting/tally.js";
import type { RoundHappening } from "./round-rules.js";

const tools = offeredTools(
  '{"tools":[{"type":"function","function":{"name":"f","parameters":{"properties":{"a":{"maximum":2}}}}}]}',
);

/** What a member says: a text, or the arguments of its call of `f`. */
interface Says {
  readonly text: string;
  readonly call: string | null;
}

const answered = ({ text, call }: Says, member: number): RoundHappening => ({
  type: "answered",
  voter: voter(member),
  completion: completion(text, {
    toolCalls: call === null ? [] : [{ id: "1", name: call === "other" ? "g" : "f", argumentsJson: call }],
  }),
});

test("a round stops early only when no further call or text could win, and then the same wins as with all", () => {
  const said = fc.record({
    text: fc.constantFrom("", "It is 42.", "Ask somebody else, please."),
    call: fc.constantFrom(null, null, '{"a":1}', '{ "a": 1.0 }', '{"a":2}', '{"a":3}', "{", "other"),
  });
  const panel = fc.record({
    said: fc.array(said, { minLength: 1, maxLength: 7 }),
    weights: fc.array(fc.constantFrom(1, 2, 0.5), { minLength: 7, maxLength: 7 }),
  });
  let stopped = 0;
  fc.assert(
    fc.property(panel, ({ said: all, weights }) => {
      const voters = all.map((_, member) => ({ voter: voter(member), weight: weights[member] ?? 1 }));
      const winner = (stopEarly: "off" | "lossless") => {
        const rules = rulesFor(all.length, { voters, stopEarly, quorum: 1, tools });
        const { words, progress } = playRound(rules, all.map(answered));
        if (words.at(-1) === "lossless") stopped++;
        return standings(castBallots(progress.answers, rules.answerFormat))[0]?.key ?? "nobody";
      };
      expect(winner("lossless")).toBe(winner("off"));
    }),
    { numRuns: 2_000 },
  );
  expect(stopped).toBeGreaterThan(200);
});
