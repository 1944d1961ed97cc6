import { hash, shuffled, whole } from "../random/hash.js";
import { dateQuestions } from "./dates.js";
import { factQuestions } from "./facts.js";
import { comparable, finalAnswer } from "./final-answer.js";
import { logicQuestions } from "./logic.js";
import type { Question } from "./question.js";
import { readSum } from "./sums.js";
import { unitQuestions } from "./units.js";
import { wordProblems } from "./word-problems.js";

/** The questions that the simulated models know. */
export interface Bank {
  readonly questions: readonly Question[];
  /** The known question that a message asks, alone or with other text around it. */
  find(message: string): Question | undefined;
}

// The bank is the same in every process, so that a question chosen in a test is known to any simulator.
const BANK_SEED = 20_261_122;

/** Texts longer than this are not searched for a question. */
const MAX_SEARCHED = 20_000;

/** Makes the bank: a few hundred questions, the same at every call. */
export function createBank(): Bank {
  const generated = [
    ...wordProblems(BANK_SEED, 80),
    ...unitQuestions(BANK_SEED, 60),
    ...dateQuestions(BANK_SEED, 60),
    ...logicQuestions(BANK_SEED, 60),
    ...factQuestions(),
  ];
  const byText = new Map<string, Question>();
  for (const question of generated) {
    const key = searchable(question.text);
    if (!byText.has(key)) byText.set(key, question);
  }
  return {
    questions: [...byText.values()],
    find(message) {
      const text = searchable(message.slice(0, MAX_SEARCHED));
      return byText.get(text) ?? contained(byText, text) ?? readSum(message.slice(0, MAX_SEARCHED));
    },
  };
}

/**
 * Texts of questions that the simulated models know, without their answers, chosen by the seed.
 *
 * Up to the size of the bank (about 340) they come from it, without repeats; what is asked beyond are sums.
 */
export function bankQuestions(count: number, seed: number): string[] {
  const texts = shuffled(
    createBank().questions.map(({ text }) => text),
    seed,
    "bank",
  ).slice(0, count);
  for (let index = texts.length; index < count; index++) texts.push(sumText(seed, index));
  return texts;
}

/**
 * Whether a text answers the question rightly: its last line `Answer: …`, or the whole text when none is marked.
 *
 * False for a question that is not known. For tests; no HTTP route leads here.
 */
export function checkAnswer(question: string, text: string): boolean {
  return answerCheck()(question, text);
}

/** `checkAnswer` for many answers: the bank is made once. */
export function answerCheck(): (question: string, text: string) => boolean {
  const bank = createBank();
  return (question, text) => {
    const known = bank.find(question);
    return known !== undefined && isRight(known, text);
  };
}

/** Whether a text's final answer is the question's. */
export function isRight(question: Question, text: string): boolean {
  return comparable(finalAnswer(text) ?? text) === comparable(question.answer);
}

function sumText(seed: number, index: number): string {
  const operation = ["+", "-", "*"][hash(seed, "operation", index) % 3] ?? "+";
  return `What is ${whole(11, 9_999, seed, "left", index)} ${operation} ${whole(11, 9_999, seed, "right", index)}?`;
}

function contained(byText: ReadonlyMap<string, Question>, text: string): Question | undefined {
  let best: Question | undefined;
  for (const [key, question] of byText) {
    if (holds(text, key) && (best === undefined || question.text.length > best.text.length)) best = question;
  }
  return best;
}

/** Whether the text holds the question and no longer word or number than its last. */
function holds(text: string, key: string): boolean {
  const start = text.indexOf(key);
  return start >= 0 && !/[\p{L}\p{N}]/u.test(text.charAt(start + key.length));
}

function searchable(text: string): string {
  return text
    .toLowerCase()
    .replace(/\s+/g, " ")
    .replace(/[?.!\s]+$/, "")
    .trimStart();
}
