import { describe, expect, test } from "vitest";
import { bankQuestions, checkAnswer, createBank } from "./bank.js";
import { comparable } from "./final-answer.js";

const bank = createBank();

describe("the bank", () => {
  test("has a few hundred questions of every kind, none twice", () => {
    const texts = bank.questions.map(({ text }) => text);
    expect(texts.length).toBeGreaterThan(300);
    expect(new Set(texts).size).toBe(texts.length);
    expect(new Set(bank.questions.map(({ kind }) => kind))).toEqual(
      new Set(["word_problem", "units", "dates", "logic", "facts"]),
    );
  });

  test("is the same at every making", () => {
    expect(createBank().questions).toEqual(bank.questions);
  });

  test("finds each of its questions, alone and with other text around it", () => {
    for (const question of bank.questions) {
      expect(bank.find(question.text)).toBe(question);
      expect(bank.find(`Hello!\n\n${question.text}\nAnswer briefly.`)).toBe(question);
    }
  });

  test("has no wrong answer that is right", () => {
    for (const { answer, wrong, text } of bank.questions) {
      expect(wrong.length, text).toBeGreaterThan(0);
      expect(wrong.map(comparable), text).not.toContain(comparable(answer));
    }
  });

  test("takes no longer number or word for a question that it begins like", () => {
    expect(bank.find("What is the capital of Francesca?")).toBeUndefined();
    expect(bank.find("How do I bake bread?")).toBeUndefined();
  });

  test("counts days as the calendar does", () => {
    const spans = bank.questions.filter(({ text }) => text.startsWith("How many days are there from"));
    expect(spans.length).toBeGreaterThan(10);
    for (const { text, answer } of spans) {
      const [, from = "", to = ""] = /from (.*) to (.*)\?/.exec(text) ?? [];
      const days = (Date.parse(`${to} UTC`) - Date.parse(`${from} UTC`)) / 86_400_000;
      expect(String(days), text).toBe(answer);
    }
  });

  test("names weekdays as the calendar does", () => {
    expect(checkAnswer("What day of the week was 14 March 2011?", "Monday")).toBe(false);
    const days = bank.questions.filter(({ text }) => text.startsWith("What day of the week was"));
    expect(days.length).toBeGreaterThan(10);
    for (const { text, answer } of days) {
      const [, date = ""] = /was (.*)\?/.exec(text) ?? [];
      const name = new Intl.DateTimeFormat("en", { weekday: "long", timeZone: "UTC" });
      expect(name.format(Date.parse(`${date} UTC`)), text).toBe(answer);
    }
  });
});

describe("bankQuestions", () => {
  test("gives texts alone, decided by the seed, without repeats", () => {
    const questions = bankQuestions(300, 7);
    expect(new Set(questions).size).toBe(300);
    expect(bankQuestions(300, 7)).toEqual(questions);
    expect(bankQuestions(300, 8)).not.toEqual(questions);
    expect(questions.every((question) => bank.find(question) !== undefined)).toBe(true);
  });

  test("adds sums beyond the bank", () => {
    const questions = bankQuestions(500, 1);
    expect(questions).toHaveLength(500);
    expect(questions.every((question) => bank.find(question) !== undefined)).toBe(true);
  });
});

describe("checkAnswer", () => {
  test.each([
    ["What is 17 + 25?", "It is 42.\n\nAnswer: 42", true],
    ["What is 17 + 25?", "42", true],
    ["What is 17 + 25?", "**Answer:** 42.0.", true],
    ["What is 17 + 25?", "Answer: 42\nNo, wait.\nAnswer: 43", false],
    ["What is 900 + 100?", "Answer: 1,000", true],
    ["What is the capital of France?", "Final answer: paris.", true],
    ["What is the capital of Brazil?", "Answer: Brasilia", true],
    ["What is the capital of France?", "Lyon", false],
    ["What is the meaning of life?", "42", false],
  ])("%s %j", (question, text, right) => {
    expect(checkAnswer(question, text)).toBe(right);
  });
});
