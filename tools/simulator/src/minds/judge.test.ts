import { expect, test } from "vitest";
import { createBank } from "../bank/bank.js";
import { judgement } from "./judge.js";

const bank = createBank();
const RATES = { hitRate: 0.7, falseAlarmRate: 0.2 };

function verdicts(answer: (question: { answer: string; wrong: readonly string[] }) => string): string[] {
  return [1, 2, 3, 4, 5].flatMap((seed) =>
    bank.questions.map((question) => {
      const task = { question: question.text, answer: `Answer: ${answer(question)}` };
      const reply = judgement(bank, task, { ...RATES, seed, model: "judge", sample: 0 });
      return (JSON.parse(reply) as { verdict: string }).verdict;
    }),
  );
}

test("notices wrong answers and sees what is not there at the set rates", () => {
  const flagged = verdicts(({ wrong }) => wrong[0] ?? "").filter((verdict) => verdict === "wrong");
  expect(flagged.length / (5 * bank.questions.length)).toBeCloseTo(RATES.hitRate, 1);
  const alarms = verdicts(({ answer }) => answer).filter((verdict) => verdict === "wrong");
  expect(alarms.length / (5 * bank.questions.length)).toBeCloseTo(RATES.falseAlarmRate, 1);
});

test("gives a finding with a wrong answer and never the right one", () => {
  const question = "What is the capital of France?";
  const draw = { hitRate: 1, falseAlarmRate: 0, seed: 1, model: "judge", sample: 0 };
  const reply = judgement(bank, { question, answer: "Answer: Lyon" }, draw);
  expect(JSON.parse(reply)).toEqual({
    verdict: "wrong",
    findings: [{ quote: "Lyon", problem: expect.any(String), severity: "critical" }],
    confidence: expect.any(Number),
  });
  expect(reply).not.toContain("Paris");
});

test("is unsure about a question that it does not know", () => {
  const draw = { hitRate: 1, falseAlarmRate: 1, seed: 1, model: "judge", sample: 0 };
  expect(JSON.parse(judgement(bank, { question: "Why?", answer: "Because." }, draw))).toEqual({
    verdict: "unsure",
    findings: [],
    confidence: null,
  });
});
