import { whole } from "../random/hash.js";
import type { Question } from "./question.js";
import { wrongNumbers } from "./wrong-numbers.js";

type Template = (a: number, b: number, c: number) => readonly [text: string, answer: number];

const TEMPLATES: readonly Template[] = [
  (a, b, c) => [
    `A shop has ${a} boxes with ${b} pens in each, and ${c} loose pens. How many pens are there in all?`,
    a * b + c,
  ],
  (a, b, c) => [
    `A train has ${a} carriages with ${b} seats in each, and ${c} seats are taken. How many seats are free?`,
    a * b - c,
  ],
  (a, b, c) => [
    `Mira reads ${a} pages a day for ${b} days, and then ${c} pages more. How many pages has she read?`,
    a * b + c,
  ],
  (a, b, c) => [
    `A tank holds ${a * b} litres. It loses ${b} litres an hour for ${2 + (c % (a - 3))} hours. How many litres are left?`,
    a * b - b * (2 + (c % (a - 3))),
  ],
  (a, b) => [`What is ${a}% of ${b * 100}?`, a * b],
  (a, b) => [
    `The sides of a rectangle are ${a} cm and ${b} cm. What is its area in square centimetres?`,
    a * b,
  ],
  (a, b) => [`The sides of a rectangle are ${a} m and ${b} m. What is its perimeter in metres?`, 2 * (a + b)],
  (a, b, c) => [`What is the remainder when ${a * b + (c % b)} is divided by ${b}?`, c % b],
  (a, b) => [`What is the mean of ${a}, ${a + b} and ${a + 2 * b}?`, a + b],
  (a, b) => [`What is ${a} squared, plus ${b}?`, a * a + b],
];

/** Word problems in arithmetic, `count` of them, decided by the seed. All answers are whole numbers. */
export function wordProblems(seed: number, count: number): Question[] {
  return Array.from({ length: count }, (_, index) => {
    const template = TEMPLATES[index % TEMPLATES.length];
    if (template === undefined) throw new RangeError("no template");
    const draw = (low: number, high: number, name: string) => whole(low, high, seed, "word", index, name);
    const [text, answer] = template(draw(6, 29, "a"), draw(11, 48, "b"), draw(3, 59, "c"));
    const numeral = String(answer);
    return { text, kind: "word_problem", answer: numeral, wrong: wrongNumbers(numeral), difficulty: 1 };
  });
}
