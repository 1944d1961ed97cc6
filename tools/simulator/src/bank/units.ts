import { whole } from "../random/hash.js";
import type { Question } from "./question.js";
import { wrongNumbers } from "./wrong-numbers.js";

/** `[big, small, how many small ones one big one is]`. */
const UNITS: readonly (readonly [string, string, number])[] = [
  ["kilometres", "metres", 1000],
  ["metres", "centimetres", 100],
  ["centimetres", "millimetres", 10],
  ["kilograms", "grams", 1000],
  ["tonnes", "kilograms", 1000],
  ["litres", "millilitres", 1000],
  ["hours", "minutes", 60],
  ["minutes", "seconds", 60],
  ["days", "hours", 24],
  ["weeks", "days", 7],
  ["feet", "inches", 12],
  ["yards", "feet", 3],
  ["dozens", "pieces", 12],
  ["square metres", "square centimetres", 10_000],
  ["kilobytes of 1,024 bytes", "bytes", 1024],
];

/** Conversions of units, `count` of them, decided by the seed. All answers are whole numbers. */
export function unitQuestions(seed: number, count: number): Question[] {
  return Array.from({ length: count }, (_, index) => {
    const [big, small, factor] = UNITS[index % UNITS.length] ?? ["minutes", "seconds", 60];
    const amount = whole(2, 89, seed, "units", index);
    const down = Math.floor(index / UNITS.length) % 2 === 0;
    const text = down
      ? `How many ${small} are there in ${amount} ${big}?`
      : `How many ${big} are ${amount * factor} ${small}?`;
    const answer = String(down ? amount * factor : amount);
    return { text, kind: "units", answer, wrong: wrongNumbers(answer), difficulty: 0.6 };
  });
}
