import { describe, expect, test } from "vitest";
import { reordered } from "../testing/answers.js";
import { judging } from "../testing/scripted-models.js";
import { fc } from "../testing/seeded.js";
import { inputOf, runStrategy } from "../testing/strategy-run.js";
import { strategies } from "./registry.js";
import type { AggregationInput, Answer, Outcome } from "./strategy.js";

const toolsJson = '{"tools":[{"type":"function","function":{"name":"f","parameters":{"required":["a"]}}}]}';
const text = fc.constantFrom(
  "It is 42.",
  "42",
  "Answer: 41",
  '{"a":1,"b":["x"]}',
  '{"a":2,"b":["y"]}',
  "Paris",
  "",
);
const call = fc.constantFrom(undefined, '{"a":1}', '{ "a": 1.0 }', '{"a":2}', "{}", "{");
const item = fc.record({
  text,
  call,
  weight: fc.constantFrom(1, 2, 0.5),
  truncated: fc.boolean(),
  at: fc.integer(),
});
const panels = fc.array(item, { minLength: 1, maxLength: 6 });

/** What a strategy makes of answers. Models judge them by what they say, not by where they stand. */
function outcomeOf(name: keyof typeof strategies, answers: readonly Answer[], taste: number): Outcome {
  const over: Partial<AggregationInput> = {
    answers,
    ...(name === "tool_calls" && { toolsJson }),
    ...(name === "fields" && { answerFormat: "json" }),
  };
  const model = judging((said) => (said.length * (taste + 1)) % 7);
  return runStrategy(strategies[name], inputOf([], over), model).outcome;
}

/** The outcome without what is listed in the order of the answers. */
function apart({ votes: _votes, contributions: _, ...outcome }: Outcome): Omit<Outcome, "votes"> {
  return outcome;
}

describe.each(Object.keys(strategies) as (keyof typeof strategies)[])("%s", (name) => {
  const answersOf = (
    panel: readonly {
      readonly text: string;
      readonly call?: string | undefined;
      readonly weight: number;
      readonly truncated: boolean;
    }[],
  ): readonly Answer[] =>
    panel.map(({ text: said, call: argumentsJson, weight, truncated }, member) => ({
      voter: { member, sample: 1 },
      text: said,
      weight,
      truncated,
      ...(name === "tool_calls" && {
        toolCalls: argumentsJson === undefined ? [] : [{ id: "1", name: "f", argumentsJson }],
      }),
    }));

  test("the order of arrival never matters", () => {
    fc.assert(
      fc.property(panels, fc.nat(9), (panel, taste) => {
        const answers = answersOf(panel);
        const order = panel.map(({ at }) => at);
        const expected = outcomeOf(name, answers, taste);
        const found = outcomeOf(name, reordered(answers, order), taste);
        expect(apart(found)).toEqual(apart(expected));
        expect(found.votes).toEqual(reordered(expected.votes, order));
        expect(found.contributions ?? []).toEqual(reordered(expected.contributions ?? [], order));
      }),
      { numRuns: 60 },
    );
  });

  test("nor does that of the members in the panel, but for how joined answers are shuffled", () => {
    fc.assert(
      fc.property(panels, fc.nat(9), (panel, taste) => {
        const order = panel.map(({ at }) => at);
        const expected = apart(outcomeOf(name, answersOf(panel), taste));
        const found = apart(outcomeOf(name, answersOf(reordered(panel, order)), taste));
        const shuffled = (outcome: typeof expected): unknown =>
          name === "concatenate"
            ? {
                ...outcome,
                text: outcome.text
                  .replaceAll(/Answer [A-F]:/g, "Answer:")
                  .split("\n\n")
                  .toSorted(),
              }
            : outcome;
        expect(shuffled(found)).toEqual(shuffled(expected));
      }),
      { numRuns: 60 },
    );
  });
});
