import { plainDates } from "./dates.js";
import { plainLatex } from "./latex.js";

/** The first digit of scripts whose ten digits stand in a row. */
const zeros = [
  0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0e50,
  0x0ed0, 0x0f20, 0x1040, 0x17e0, 0x1810,
];

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** Longer texts are read from their end: the answer stands there. */
const MAX_READ = 100_000;

const spaceless = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}`;
const afterSpaceless = new RegExp(`(?<=[${spaceless}])(?=[-+]?\\d)`, "gu");

/**
 * Writes the numbers of a text with plain ASCII digits and signs: other scripts' digits, full-width forms, LaTeX, the
 * minus sign in its many forms, superscripts (as `^2`), fractions (`½` as `1/2`), ordinals (`21st` as `21`), dates and
 * times, and spaces that group digits: `1 000` is one number, and so is `100 200`; `10 20 300` is a list. Of a text of
 * more than 100,000 characters, its end.
 */
export function plainDigits(text: string): string {
  const plain = plainLatex(text.slice(-MAX_READ));
  // Most texts are plain already: what cannot be in them is not looked for.
  const ascii = /[^\0-\x7f]/.test(plain) ? fromScripts(plain) : plain;
  if (!/\d/.test(ascii)) return ascii;
  return plainDates(
    withSigns(
      joinedGroups(
        ascii
          .replace(/(?<![\d.,/])(\d{1,6}) (\d{1,3}\/\d{1,3})(?![\d/])/g, (_, whole: string, part: string) =>
            mixed(whole, part),
          )
          .replace(/(?<![\p{L}\p{N}_])_{1,3}(?=[-+$€£¥.]?\d)/gu, "")
          .replace(/(?<=\d)(?:st|nd|rd|th)(?![\p{L}\p{N}])/giu, ""),
      ),
    ),
  );
}

/** Digits, signs and separators of every script as ASCII. */
function fromScripts(text: string): string {
  return text
    .replace(/(?<![\d.,/])(\d{1,6})\s?([¼½¾⅐-⅞])/g, (_, whole: string, part: string) =>
      mixed(whole, part.normalize("NFKC")),
    )
    .replace(/[⁰¹²³⁴-⁹]+/g, (run) => "^" + [...run].map((c) => superscripts.indexOf(c)).join(""))
    .replace(/(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))/g, "")
    .normalize("NFKC")
    .replace(/\p{Nd}/gu, (digit) => asciiDigit(digit))
    .replace(/(?<=\d)\u066b(?=\d)/g, ".")
    .replace(/(?<=\d)\u066c(?=\d)/g, "")
    .replace(/\u2044/g, "/")
    .replace(/[\u2212\ufe63\uff0d]/g, "-")
    .replace(afterSpaceless, " ");
}

/** `1 000` as `1000`. Not where a number stands before or behind that is no group of three: then it is a list. */
function joinedGroups(text: string): string {
  return text.replace(/(?<![\p{L}\p{N}_^.,:/'’]|\d[ -])[1-9]\d{0,2}(?: \d{3})+(?!\d| \d)/gu, (run) =>
    run.replaceAll(" ", ""),
  );
}

/** A sign is written right before its number, as `-`: `minus 42`, `–42`, `= - 42`. Not where two numbers stand around it. */
function withSigns(text: string): string {
  return text
    .replace(/(?<![\p{N})\]]\s{0,3}|(?<!\p{L})\p{L}\s)\b(?:minus|negative)\s+(?=[$€£¥]?\.?\d)/giu, "-")
    .replace(/(?<![\p{L}\p{N})\]])(?<![\p{N})\]]\s)–(?=[$€£¥]?\.?\d)/gu, "-")
    .replace(/(?<==\s{0,3})-\s{1,3}(?=[$€£¥]?\.?\d)/g, "-");
}

/** A mixed number (`2 1/2`) as one fraction (`5/2`). */
export function mixed(whole: string, fraction: string): string {
  const [numerator = "0", denominator = "1"] = fraction.split(/[/\u2044]/);
  return `${Number(whole) * Number(denominator) + Number(numerator)}/${denominator}`;
}

function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  const zero = zeros.find((first) => code >= first && code < first + 10);
  return zero === undefined ? digit : String(code - zero);
}
