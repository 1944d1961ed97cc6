import { tidy } from "./final-answer.js";

/** Longer texts are prose: they are no option as a whole, and their end tells which. */
export const SHORT = 2_000;

/** Marks of Markdown around a letter. */
const emphasis = "*_`";
const whole = /^\W*(?:option|choice|answer|alternative)?\s*[([{]?(?<letter>[a-z]|\d{1,2})[)\]}]?\W*$/iu;
const several =
  /^\W*(?:both|either|neither)?\s*\(?[A-Z]\)?(?:\s*(?:,|&|\/|\band\b|\bor\b|\bnor\b)\s*\(?[A-Z]\)?)+\W*$/iu;
const isWrong = String.raw`(?:is|are|was|seems?)(?:\s+(?:clearly|also|simply))?(?:n['’]t|\s+not|\s+wrong|\s+incorrect|\s+false|\s+untrue)\b`;
const leading = new RegExp(
  String.raw`^[\s${emphasis}"'(]*(?:(?:[Oo]ption|[Cc]hoice|[Aa]lternative)\s+)?(?<letter>[A-Z](?:[${emphasis}]*[).:\]](?=\s|$|[${emphasis}])|\s+[-–—]\s)|\(?[a-h]\)(?=\s|$))(?!\s*(?:${isWrong}|\p{Lu}\.))`,
  "u",
);
const named = new RegExp(
  String.raw`\b(?:[Oo]ption|[Cc]hoice|[Aa]lternative|[Cc]hoose|[Pp]ick|[Ss]elect|[Gg]o with)(?:\s+(?:is|would be|option))?:?\s+[${emphasis}([]*(?<letter>[A-Z])(?![\p{L}\p{N}'’])(?![)\]${emphasis}]*\s+${isWrong})`,
  "gu",
);
const bracketed = new RegExp(String.raw`[([](?<letter>[A-Z])[)\]](?!\s+${isWrong})`, "gu");
const affirmed =
  /(?<![\p{L}\p{N}'’.])[([*_`]*(?<letter>[A-Z])[)\]*_`]*\s+(?:is|would be|must be|seems)\s+(?:clearly |obviously |the )*(?:correct|right|best|better|true|answer)\b/gu;
const standing = new RegExp(
  String.raw`(?<![\p{L}\p{N}'’.]|\p{Lu}\.\s)(?!\p{Lu}\.\s?\p{Lu}\.)(?<letter>[B-HJ-Z]|A(?=[)\]${emphasis}"]*(?:[.!?,;]?\s*$|[.!?]\s)))(?![\p{L}\p{N}'’.]\S|[\p{L}\p{N}'’])(?!\s+${isWrong})`,
  "gu",
);
/** A line that begins with an option, as those of a list do. */
const listed = /^[\s*_`(]*(?<letter>[A-Za-z])[*_`]*[).:\]](?=\s)/gmu;

/** The option that a text answers, where it must be one. `marked`: its final answer, when it has a mark. */
export function choiceOf(text: string, marked: string | null): string | null {
  for (const candidate of marked === null ? [text] : [marked, text]) {
    const short = candidate.length <= SHORT ? tidy(candidate) : "";
    if (isSeveralChoices(short)) return null;
    const whole = short.length <= 40 ? wholeChoice(short) : null;
    const found = whole ?? leadingChoice(candidate) ?? (candidate === marked ? firstLetter(marked) : null);
    if (found !== null) return found;
    const last = lastChoice(candidate.slice(-SHORT)) ?? lastLetter(candidate.slice(-SHORT));
    if (last !== null) return last;
  }
  return null;
}

/** The option that a short text is: `B`, `(b)`, `Option B`, `2)`. Null when it is something else. */
export function wholeChoice(text: string): string | null {
  return whole.exec(text)?.groups?.["letter"]?.toUpperCase() ?? null;
}

/** Whether a text is several options: `A and C`, `B/C`. None of them has its vote. */
function isSeveralChoices(text: string): boolean {
  return several.test(text);
}

/**
 * The option that a text begins with: `B) Paris`, `b) Paris`, `B. Paris`, `**B**: Paris`, `B - Paris`. Not initials
 * (`J. K. Rowling`), not one that is called wrong, and not the first of a list of options.
 */
export function leadingChoice(text: string): string | null {
  const found = leading.exec(text)?.groups?.["letter"];
  if (found === undefined) return null;
  const letters = [...text.matchAll(listed)].map((match) => match.groups?.["letter"]?.toUpperCase());
  return new Set(letters).size > 1 ? null : letterOf(found);
}

/** The capital letter that a text begins with: `B, since C is too large`. */
function firstLetter(text: string): string | null {
  return /^[\s*_`"'(]*(?<letter>[A-Z])(?![\p{L}\p{N}'’])/u.exec(text)?.groups?.["letter"] ?? null;
}

/** The last option that a text calls right (`B is correct`), else the last it names: `option B`, `I choose B`, `(B)`. */
export function lastChoice(text: string): string | null {
  const right = [...text.matchAll(affirmed)].at(-1);
  const found = right === undefined ? [...text.matchAll(named), ...text.matchAll(bracketed)] : [right];
  return found.toSorted((a, b) => a.index - b.index).at(-1)?.groups?.["letter"] ?? null;
}

/** The last capital letter that stands alone. Not `I`, and `A` only at the end of a sentence: else they are words. */
function lastLetter(text: string): string | null {
  return [...text.matchAll(standing)].at(-1)?.groups?.["letter"] ?? null;
}

function letterOf(text: string): string {
  return text.replace(/[^a-z]/gi, "").toUpperCase();
}
