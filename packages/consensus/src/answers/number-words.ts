import { partsToDigits } from "./number-parts.js";

const small: Readonly<Record<string, number>> = {
  zero: 0,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  thirteen: 13,
  fourteen: 14,
  fifteen: 15,
  sixteen: 16,
  seventeen: 17,
  eighteen: 18,
  nineteen: 19,
  twenty: 20,
  thirty: 30,
  forty: 40,
  fourty: 40,
  fifty: 50,
  sixty: 60,
  seventy: 70,
  eighty: 80,
  ninety: 90,
};

const scales: Readonly<Record<string, bigint>> = {
  thousand: 1_000n,
  million: 1_000_000n,
  billion: 1_000_000_000n,
  trillion: 1_000_000_000_000n,
};

const ordinals: Readonly<Record<string, number>> = {
  first: 1,
  second: 2,
  third: 3,
  fourth: 4,
  fifth: 5,
  sixth: 6,
  seventh: 7,
  eighth: 8,
  ninth: 9,
};

const word = [...Object.keys(small), "hundred", ...Object.keys(scales)].join("|");
const units = Object.keys(small).join("|");
const run = new RegExp(
  `(?<![\\p{L}\\p{N}]|half )(?:(?:minus|negative)\\s+)?(?:an?\\s+(?:hundred|thousand|million|billion|trillion)|${units})` +
    `(?:(?:\\s+|\\s*-\\s*|\\s+and\\s+)(?:${word}))*(?:-(?:${Object.keys(ordinals).join("|")}))?` +
    `(?:\\s+point(?:\\s+(?:${units}))+)?(?![\\p{L}\\p{N}])`,
  "giu",
);

const beforePronoun =
  /(?<!\p{L})(?:no|any|every|some|each|this|that|the|which|right|wrong|correct|last|first|only|other|another|good|best|better)\s+$/iu;
const afterPronoun =
  /^\s+(?:of|another|who|that|which|is|can|could|should|must|might|may|would|will|has|does|day|way)(?!\p{L})/iu;

/** The power of ten of a word such as `hundred` or `million`, or 0 for another word. */
export function scaleExponent(text: string): number {
  if (text.toLowerCase() === "hundred") return 2;
  const scale = Object.hasOwn(scales, text.toLowerCase()) ? scales[text.toLowerCase()] : undefined;
  return scale === undefined ? 0 : String(scale).length - 1;
}

/**
 * Rewrites English number words as digits: `one thousand and two` as `1002`, `minus two point five` as `-2.5`,
 * `twenty-first` as `21`, `nineteen eighty-four` as `1984`, and parts of a whole (see `partsToDigits`). Not the `one` of
 * `no one`, `one of them` and the like, which is no number.
 */
export function wordsToDigits(text: string): string {
  const digits = text.replace(run, (words: string, at: number) =>
    isPronoun(words, text, at) ? words : (parseWords(words) ?? parseBothSides(words) ?? words),
  );
  return partsToDigits(digits);
}

function isPronoun(words: string, text: string, at: number): boolean {
  if (words.toLowerCase() !== "one") return false;
  const before = text.slice(Math.max(0, at - 20), at);
  const after = text.slice(at + words.length, at + words.length + 20);
  return beforePronoun.test(before) || afterPronoun.test(after);
}

function parseWords(text: string): string | null {
  const words = text.toLowerCase().split(/[\s-]+/);
  const negative = words[0] === "minus" || words[0] === "negative";
  if (negative) words.shift();
  const point = words.indexOf("point");
  const wholeWords = point < 0 ? words : words.slice(0, point);
  const whole = parseWhole(wholeWords) ?? parseYear(wholeWords);
  if (whole === null) return null;
  const fraction = point < 0 ? "" : parseDigits(words.slice(point + 1));
  if (fraction === null) return null;
  return `${negative ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

/** Two numbers with `and` between them: `two and three` before `quarters`. */
function parseBothSides(text: string): string | null {
  const sides = text.split(/\s+and\s+/i).map(parseWords);
  return sides.length === 2 && !sides.includes(null) ? sides.join(" and ") : null;
}

/** Adds words up. Null when they are a list of numbers (`one two three`) and not one number. */
function parseWhole(words: readonly string[]): bigint | null {
  let total = 0n;
  let group = 0n;
  let lastScale: bigint | null = null;
  let lastSmall: number | null = null;
  for (const w of words) {
    if (w === "and" || w === "a" || w === "an") continue;
    const scale = scales[w];
    if (scale !== undefined) {
      if (lastScale !== null && scale >= lastScale) return null;
      total += (group === 0n ? 1n : group) * scale;
      group = 0n;
      lastScale = scale;
      lastSmall = null;
    } else if (w === "hundred") {
      if (group > 99n) return null;
      group = (group === 0n ? 1n : group) * 100n;
      lastSmall = null;
    } else {
      const value = small[w] ?? ordinals[w];
      if (value === undefined) return null;
      const fits = lastSmall === null || (lastSmall >= 20 && value > 0 && value < 10);
      if (!fits) return null;
      group += BigInt(value);
      lastSmall = value;
    }
  }
  return total + group;
}

/** A year read in pairs: `nineteen eighty-four`, `twenty twenty`. */
function parseYear([century = "", ...rest]: readonly string[]): bigint | null {
  const [first, last] = [small[century] ?? 0, parseWhole(rest)];
  const isYear = first >= 11 && first <= 20 && last !== null && last >= 10n && last <= 99n;
  return isYear ? BigInt(first) * 100n + last : null;
}

function parseDigits(words: readonly string[]): string | null {
  const digits = words.map((w) => small[w]);
  return digits.every((d) => d !== undefined && d < 10) ? digits.join("") : null;
}
