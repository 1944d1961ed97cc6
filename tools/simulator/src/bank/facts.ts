import type { Question } from "./question.js";
import { wrongNumbers } from "./wrong-numbers.js";

/** `[what is asked about, the answer]`. */
type Fact = readonly [subject: string, answer: string];

/** Facts of one kind: their question with `*` for the subject. Wrong answers are other answers of the kind. */
interface FactGroup {
  readonly question: string;
  readonly facts: readonly Fact[];
}

const GROUPS: readonly FactGroup[] = [
  {
    question: "What is the capital of *?",
    facts: [
      ["France", "Paris"],
      ["Spain", "Madrid"],
      ["Portugal", "Lisbon"],
      ["Italy", "Rome"],
      ["Greece", "Athens"],
      ["Austria", "Vienna"],
      ["Hungary", "Budapest"],
      ["Poland", "Warsaw"],
      ["Denmark", "Copenhagen"],
      ["Norway", "Oslo"],
      ["Sweden", "Stockholm"],
      ["Finland", "Helsinki"],
      ["Ireland", "Dublin"],
      ["Belgium", "Brussels"],
      ["Romania", "Bucharest"],
      ["Bulgaria", "Sofia"],
      ["Croatia", "Zagreb"],
      ["Canada", "Ottawa"],
      ["Australia", "Canberra"],
      ["Brazil", "Brasília"],
      ["Argentina", "Buenos Aires"],
      ["Chile", "Santiago"],
      ["Peru", "Lima"],
      ["Japan", "Tokyo"],
      ["Thailand", "Bangkok"],
      ["Vietnam", "Hanoi"],
      ["Egypt", "Cairo"],
      ["Kenya", "Nairobi"],
      ["Ghana", "Accra"],
      ["Morocco", "Rabat"],
    ],
  },
  {
    question: "What is the chemical symbol of *?",
    facts: [
      ["hydrogen", "H"],
      ["helium", "He"],
      ["carbon", "C"],
      ["nitrogen", "N"],
      ["oxygen", "O"],
      ["sodium", "Na"],
      ["potassium", "K"],
      ["iron", "Fe"],
      ["copper", "Cu"],
      ["silver", "Ag"],
      ["tin", "Sn"],
      ["gold", "Au"],
      ["mercury", "Hg"],
      ["lead", "Pb"],
    ],
  },
  {
    question: "What is the atomic number of *?",
    facts: [
      ["hydrogen", "1"],
      ["carbon", "6"],
      ["nitrogen", "7"],
      ["oxygen", "8"],
      ["sodium", "11"],
      ["iron", "26"],
      ["silver", "47"],
      ["gold", "79"],
    ],
  },
  {
    question: "How many sides does * have?",
    facts: [
      ["a triangle", "3"],
      ["a pentagon", "5"],
      ["a hexagon", "6"],
      ["a heptagon", "7"],
      ["an octagon", "8"],
      ["a dodecagon", "12"],
    ],
  },
  {
    question: "In which year *?",
    facts: [
      ["did people first walk on the Moon", "1969"],
      ["did the Berlin Wall fall", "1989"],
      ["did the First World War begin", "1914"],
      ["did the Second World War end", "1945"],
      ["did the Titanic sink", "1912"],
      ["did the French Revolution begin", "1789"],
      ["did Columbus first cross the Atlantic", "1492"],
      ["was the Battle of Hastings fought", "1066"],
    ],
  },
  {
    question: "Who wrote *?",
    facts: [
      ["the play Hamlet", "William Shakespeare"],
      ["the novel Pride and Prejudice", "Jane Austen"],
      ["the novel Moby-Dick", "Herman Melville"],
      ["the novel War and Peace", "Leo Tolstoy"],
      ["the novel Don Quixote", "Miguel de Cervantes"],
      ["the novel Frankenstein", "Mary Shelley"],
      ["the novel Oliver Twist", "Charles Dickens"],
      ["the novel Les Misérables", "Victor Hugo"],
    ],
  },
  {
    question: "Which planet *?",
    facts: [
      ["is closest to the Sun", "Mercury"],
      ["is the second from the Sun", "Venus"],
      ["is known as the red planet", "Mars"],
      ["is the largest of the solar system", "Jupiter"],
      ["is the sixth from the Sun", "Saturn"],
      ["is farthest from the Sun", "Neptune"],
    ],
  },
  {
    question: "On which continent is *?",
    facts: [
      ["Mongolia", "Asia"],
      ["Nigeria", "Africa"],
      ["Bolivia", "South America"],
      ["Switzerland", "Europe"],
      ["Guatemala", "North America"],
      ["Nepal", "Asia"],
      ["Zambia", "Africa"],
      ["Uruguay", "South America"],
    ],
  },
];

const NUMERAL = /^\d+$/;

/** Every question of fact. They are fixed; no seed changes them. */
export function factQuestions(): Question[] {
  return GROUPS.flatMap(({ question, facts }) =>
    facts.map(([subject, answer], index) => ({
      text: question.replace("*", () => subject),
      kind: "facts" as const,
      answer,
      wrong: NUMERAL.test(answer) ? wrongNumbers(answer) : otherAnswers(facts, answer, index),
      difficulty: 0.5,
    })),
  );
}

function otherAnswers(facts: readonly Fact[], answer: string, index: number): string[] {
  const others = [...facts.slice(index + 1), ...facts.slice(0, index)].map(([, other]) => other);
  return [...new Set(others)].filter((other) => other !== answer).slice(0, 4);
}
