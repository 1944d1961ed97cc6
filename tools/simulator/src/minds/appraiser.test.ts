import { describe, expect, test } from "vitest";
import { createBank, isRight } from "../bank/bank.js";
import { createCatalogue } from "../models/catalogue.js";
import { appraisal } from "./appraiser.js";

const bank = createBank();
const profile = createCatalogue({ models: [], standIns: false }).profile("synthesiser");

/** What a model says to a right and a wrong answer, each under its label. */
function compared(first: string, second: string, question: string, seed = 1): string {
  const answers = [
    { label: "Answer A", text: `Answer: ${first}` },
    { label: "Answer B", text: `Answer: ${second}` },
  ];
  const reply = appraisal(bank, profile, { kind: "compare", question, answers }, { seed, sample: 0 });
  return (JSON.parse(reply) as { better: string }).better;
}

describe("a comparison", () => {
  test("finds the right answer as often as the model knows it, whatever the order", () => {
    let [found, disagreed, expected, asked] = [0, 0, 0, 0];
    for (const seed of [1, 2, 3, 4, 5]) {
      for (const { text, answer, wrong, difficulty, kind } of bank.questions) {
        const [mistake = ""] = wrong;
        const [forward, backward] = [
          compared(answer, mistake, text, seed),
          compared(mistake, answer, text, seed),
        ];
        found += Number(forward === "Answer A" && backward === "Answer B");
        disagreed += Number(forward === backward && forward !== "tie");
        expected += kind === "sum" ? 1 : profile.ability ** difficulty;
        asked += 1;
      }
    }
    expect(found / asked).toBeCloseTo(expected / asked, 1);
    expect(disagreed, "it is biased towards a position where it knows nothing").toBeGreaterThan(0);
  });

  test("of equal answers, and of answers to a question that it does not know, is a tie or a bias", () => {
    expect(compared("42", "42.0", "What is 17 + 25?")).toBe("tie");
    const said = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => compared("yes", "no", "Will it rain?", seed));
    expect(new Set(said)).toEqual(new Set(["tie", "Answer A"]));
  });
});

test("a ranking holds every label once, what the model takes for right first", () => {
  for (const { text, answer, wrong } of bank.questions) {
    const texts = [...wrong, answer].map((said) => `Answer: ${said}`);
    const answers = texts.map((said, i) => ({ label: `Answer ${String.fromCharCode(65 + i)}`, text: said }));
    const reply = appraisal(bank, profile, { kind: "rank", question: text, answers }, { seed: 1, sample: 0 });
    const { ranking } = JSON.parse(reply) as { ranking: string[] };
    expect(ranking.toSorted()).toEqual(answers.map(({ label }) => label));
  }
  const first = bank.questions.filter((question) => {
    const { text, answer, wrong } = question;
    const answers = [
      { label: "Answer A", text: `Answer: ${wrong[0]}` },
      { label: "Answer B", text: `Answer: ${answer}` },
    ];
    const reply = appraisal(bank, profile, { kind: "rank", question: text, answers }, { seed: 1, sample: 0 });
    const [best] = (JSON.parse(reply) as { ranking: string[] }).ranking;
    return isRight(question, answers.find(({ label }) => label === best)?.text ?? "");
  });
  expect(first.length / bank.questions.length).toBeGreaterThan(0.7);
});

test("a pick is of what most come to, whatever is right", () => {
  const answers = ["Answer: 41", "I get 42.\n\nAnswer: 42", "Answer: 41.0"].map((text, i) => ({
    label: `Answer ${"ABC"[i]}`,
    text,
  }));
  const question = "What is 17 + 25?";
  const reply = appraisal(bank, profile, { kind: "pick", question, answers }, { seed: 1, sample: 0 });
  expect(JSON.parse(reply)).toEqual({ most_consistent: "Answer A" });
});
