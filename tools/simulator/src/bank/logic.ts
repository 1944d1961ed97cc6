import { shuffled, whole } from "../random/hash.js";
import type { Question } from "./question.js";
import { wrongNumbers } from "./wrong-numbers.js";

const PEOPLE = ["Ann", "Ben", "Cleo", "Dov", "Ena", "Finn", "Gus", "Hana", "Ivo", "Jun"] as const;
const NONSENSE = [
  "blons",
  "crels",
  "drims",
  "flaps",
  "glons",
  "morps",
  "plims",
  "snars",
  "trels",
  "wugs",
] as const;

/** Small puzzles, `count` of them, decided by the seed. */
export function logicQuestions(seed: number, count: number): Question[] {
  return Array.from({ length: count }, (_, index) => {
    switch (index % 4) {
      case 0:
        return ordering(seed, index);
      case 1:
        return syllogism(seed, index);
      case 2:
        return sequence(seed, index);
      default:
        return parity(seed, index);
    }
  });
}

function ordering(seed: number, index: number): Question {
  const [tall = "", middle = "", short = ""] = shuffled(PEOPLE, seed, "people", index);
  const tallest = index % 8 < 4;
  return {
    text: `${tall} is taller than ${middle}, and ${short} is shorter than ${middle}. Who is the ${tallest ? "tallest" : "shortest"} of the three?`,
    kind: "logic",
    answer: tallest ? tall : short,
    wrong: [middle, tallest ? short : tall],
    difficulty: 0.8,
  };
}

function syllogism(seed: number, index: number): Question {
  const [first = "", second = "", third = ""] = shuffled(NONSENSE, seed, "kinds", index);
  const valid = whole(0, 1, seed, "valid", index) === 1;
  return {
    text: valid
      ? `All ${first} are ${second}, and all ${second} are ${third}. Are all ${first} certainly ${third}, yes or no?`
      : `All ${first} are ${second}, and some ${second} are ${third}. Are some ${first} certainly ${third}, yes or no?`,
    kind: "logic",
    answer: valid ? "yes" : "no",
    wrong: [valid ? "no" : "yes"],
    difficulty: 1,
  };
}

function sequence(seed: number, index: number): Question {
  const start = whole(2, 19, seed, "start", index);
  const step = whole(3, 12, seed, "step", index);
  const grows = index % 8 < 4;
  const term = (place: number) => (grows ? start + step * place : start + (step * place * (place + 1)) / 2);
  const answer = String(term(5));
  return {
    text: `Which number comes next: ${[0, 1, 2, 3, 4].map(term).join(", ")}?`,
    kind: "logic",
    answer,
    wrong: wrongNumbers(answer),
    difficulty: 1,
  };
}

function parity(seed: number, index: number): Question {
  const odd = whole(3, 40, seed, "odd", index) * 2 + 1;
  const even = whole(3, 40, seed, "even", index) * 2;
  const product = whole(0, 1, seed, "product", index) === 1;
  return {
    text: `Is the ${product ? "product" : "sum"} of ${odd} and ${even} an even number, yes or no?`,
    kind: "logic",
    answer: product ? "yes" : "no",
    wrong: [product ? "no" : "yes"],
    difficulty: 0.8,
  };
}
