import { describe, expect, test } from "vitest";
import { createBank, isRight } from "../bank/bank.js";
import { createCatalogue } from "../models/catalogue.js";
import { SIMULATED_MODELS } from "../models/models.js";
import { memberAnswer } from "./member.js";
import { synthesise } from "./synthesiser.js";

const bank = createBank();
const catalogue = createCatalogue({ models: [], standIns: false });
const PANEL = ["ada-large", "ada-small", "bell-large", "cole-medium", "dune-medium"];
const SEEDS = Array.from({ length: 40 }, (_, seed) => seed);

function said(model: string, question: string, seed: number, consensus?: string, sample = 0) {
  const task = { question, ...(consensus === undefined ? {} : { consensus }) };
  return memberAnswer(bank, catalogue.profile(model), task, { seed, sample });
}

/** The share of the bank's questions that a model gets wrong, and those that both get wrong, with the same answer. */
function errors(left: string, right: string) {
  let [wrongLeft, wrongRight, both, same, count] = [0, 0, 0, 0, 0];
  for (const seed of SEEDS) {
    for (const question of bank.questions) {
      const [a, b] = [
        said(left, question.text, seed)?.answer ?? "",
        said(right, question.text, seed)?.answer ?? "",
      ];
      const [aWrong, bWrong] = [!isRight(question, a), !isRight(question, b)];
      count += 1;
      wrongLeft += Number(aWrong);
      wrongRight += Number(bWrong);
      both += Number(aWrong && bWrong);
      same += Number(aWrong && bWrong && a === b);
    }
  }
  return { left: wrongLeft / count, right: wrongRight / count, both: both / count, same: same / both };
}

describe("a member", () => {
  test("is right as often as its data say", () => {
    for (const profile of SIMULATED_MODELS) {
      let [right, expected, count] = [0, 0, 0];
      for (const seed of SEEDS) {
        for (const question of bank.questions) {
          right += Number(isRight(question, said(profile.id, question.text, seed)?.answer ?? ""));
          expected += profile.ability ** question.difficulty;
          count += 1;
        }
      }
      expect(Math.abs(right - expected) / count, profile.id).toBeLessThan(0.015);
    }
  });

  test("errs with its family far more often than chance, and says the same", () => {
    const family = errors("ada-large", "ada-small");
    expect(family.both / (family.left * family.right)).toBeGreaterThan(2.5);
    expect(family.same).toBeGreaterThan(0.6);
    const strangers = errors("ada-large", "bell-large");
    expect(strangers.both / (strangers.left * strangers.right)).toBeLessThan(1.5);
  });

  test("says nothing to a question that it does not know", () => {
    expect(said("ada-large", "Who are you?", 1)).toBeUndefined();
  });

  test("moves toward another consensus about as often as its data say", () => {
    const profile = catalogue.profile("cole-medium");
    let [asked, moved] = [0, 0];
    for (const seed of SEEDS) {
      for (const { text, wrong } of bank.questions) {
        const before = said(profile.id, text, seed)?.answer;
        const shown = wrong.find((answer) => answer !== before) ?? "0";
        const after = said(profile.id, text, seed, ` I get ${shown}.\n\nAnswer: ${shown}`);
        expect([before, shown]).toContain(after?.answer);
        asked += 1;
        moved += Number(after?.moved);
      }
    }
    expect(moved / asked).toBeCloseTo(profile.yielding, 1);
  });

  test("takes the most frequent answer of a consensus that only joins answers", () => {
    const joined = " Answer A:\nAnswer: 77\n\nAnswer B:\nAnswer: 77\n\nAnswer C:\nAnswer: 55";
    const answers = SEEDS.map((seed) => said("ada-small", "What is 3 + 5?", seed, joined)?.answer);
    expect(answers).toContain("77");
    expect(answers).not.toContain("55");
  });
});

describe("the shipped panel", () => {
  test("gets any sum right, before and after it saw a wrong consensus", () => {
    for (const seed of SEEDS) {
      for (let index = 0; index < 50; index++) {
        const [a, b] = [index * 37 + seed, index * index + 3];
        const question = `What is ${a} ${["+", "-", "*"][index % 3]} ${b}?`;
        for (const consensus of [undefined, `Answer: ${a + b + 1}`]) {
          const texts = PANEL.map((model) => `Answer: ${said(model, question, seed, consensus)?.answer}`);
          const known = bank.find(question);
          expect(known && isRight(known, synthesise(texts).answer ?? ""), question).toBe(true);
        }
      }
    }
  });
});
