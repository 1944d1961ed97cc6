const whole = /^\W*(?:option|choice|answer|alternative)?\s*[([]?(?<letter>[a-z]|\d{1,2})[)\]]?\W*$/iu;
const leading =
  /^[\s*_`"'(]*(?:(?:option|choice|alternative)\s+)?(?<letter>[A-Z])(?:[*_`]*[).:\]](?=\s|$|[*_`])|\s+[-–—]\s)/u;
const named = /\b(?:option|choice|alternative)\s+(?:is\s+)?[*_`([]*(?<letter>[A-Z])(?![\p{L}\p{N}'’])/giu;
const bracketed = /[([](?<letter>[A-Z])[)\]]/gu;
const standing = /(?<![\p{L}\p{N}'’.])(?<letter>[B-HJ-Z])(?![\p{L}\p{N}'’.]\S|[\p{L}\p{N}'’])/gu;

/** The option that a short text is: `B`, `(b)`, `Option B`, `2)`. Null when it is something else. */
export function wholeChoice(text: string): string | null {
  return whole.exec(text)?.groups?.["letter"]?.toUpperCase() ?? null;
}

/** The option that a text begins with: `B) Paris`, `B. Paris`, `**B**: Paris`, `B - Paris`. */
export function leadingChoice(text: string): string | null {
  return leading.exec(text)?.groups?.["letter"] ?? null;
}

/** The capital letter that a text begins with: `B, since C is too large`. */
export function firstLetter(text: string): string | null {
  return /^[\s*_`"'(]*(?<letter>[A-Z])(?![\p{L}\p{N}'’])/u.exec(text)?.groups?.["letter"] ?? null;
}

/** The last option that a text names: `option B`, `the right choice is B`, `(B)`. */
export function lastChoice(text: string): string | null {
  const found = [...text.matchAll(named), ...text.matchAll(bracketed)];
  const last = found.toSorted((a, b) => a.index - b.index).at(-1)?.groups?.["letter"];
  return last?.toUpperCase() ?? null;
}

/** The last capital letter that stands alone. Not `A` and `I`, which are words. */
export function lastLetter(text: string): string | null {
  return [...text.matchAll(standing)].at(-1)?.groups?.["letter"] ?? null;
}
