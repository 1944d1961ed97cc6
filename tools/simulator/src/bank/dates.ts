import { whole } from "../random/hash.js";
import type { Question } from "./question.js";
import { wrongNumbers } from "./wrong-numbers.js";

const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;
const DAY_MS = 86_400_000;

/** Questions about the calendar, `count` of them, decided by the seed. */
export function dateQuestions(seed: number, count: number): Question[] {
  return Array.from({ length: count }, (_, index) => {
    const day = Date.UTC(2000, 0, 1) + whole(0, 11_000, seed, "dates", index) * DAY_MS;
    const span = whole(9, 400, seed, "span", index);
    switch (index % 3) {
      case 0:
        return weekday(`What day of the week was ${written(day)}?`, day);
      case 1:
        return number(
          `How many days are there from ${written(day)} to ${written(day + span * DAY_MS)}?`,
          span,
        );
      default:
        return weekday(
          `${written(day)} was a ${name(day)}. What day of the week is ${span} days later?`,
          day + span * DAY_MS,
        );
    }
  });
}

function weekday(text: string, day: number): Question {
  return {
    text,
    kind: "dates",
    answer: name(day),
    wrong: [name(day + DAY_MS), name(day - DAY_MS), name(day + 2 * DAY_MS)],
    difficulty: 1.2,
  };
}

function number(text: string, days: number): Question {
  const answer = String(days);
  return { text, kind: "dates", answer, wrong: wrongNumbers(answer), difficulty: 1.2 };
}

function name(day: number): string {
  return WEEKDAYS[new Date(day).getUTCDay()] ?? "Sunday";
}

function written(day: number): string {
  const date = new Date(day);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()] ?? "January"} ${date.getUTCFullYear()}`;
}
