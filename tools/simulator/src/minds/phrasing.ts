import { unit } from "../random/hash.js";
import type { ModelProfile } from "../models/profile.js";

type Sentence = (answer: string) => string;

const OPENINGS: readonly Sentence[] = [
  (answer) => `I get ${answer}.`,
  (answer) => `Working it through, the result is ${answer}.`,
  (answer) => `I come to ${answer}.`,
  (answer) => `This should be ${answer}.`,
  (answer) => `By my reckoning it is ${answer}.`,
];

const MORE: readonly string[] = [
  "I went through it in order and found nothing that speaks against it.",
  "I checked the steps once more.",
  "That is all the question asks for.",
  "I am fairly sure of it.",
];

/** An answer in a model's own words: a sentence or more, and the line `Answer: …` at the end. */
export function phrased(profile: ModelProfile, answer: string, first = ""): string {
  const style = Math.floor(unit("style", profile.id) * OPENINGS.length);
  const opening = first === "" ? (OPENINGS[style]?.(answer) ?? `It is ${answer}.`) : first;
  const more = Array.from(
    { length: profile.verbosity },
    (_, index) => MORE[(style + index) % MORE.length] ?? "",
  );
  return `${[opening, ...more].join(" ")}\n\nAnswer: ${answer}`;
}
