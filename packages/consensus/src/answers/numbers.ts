import { canonicalDecimal, canonicalFraction } from "./decimal.js";
import { plainDigits } from "./digits.js";
import { scaleExponent, wordsToDigits } from "./number-words.js";

/** A number, a date or a time of day in a text. */
export interface FoundNumber {
  /** Its one way of writing. Example: `1000` for `1,000`, `1000.0`, `1e3` and `one thousand`. */
  readonly key: string;
  /** Where it begins in the text that was searched, after `plainNumbers`. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
}

const day = String.raw`(?<day>\d{4}-\d{2}-\d{2}(?!\d))`;
const time = String.raw`(?<time>\d{1,2}:\d{2}(?::\d{2})?(?![\d:]))`;
const european = String.raw`(?<european>\d{1,3}(?:\.\d{3})+,\d{1,2}(?![\d,])|\d{1,3}(?:\.\d{3}){2,20}(?![\d.,]*\d))`;
const version = String.raw`(?<version>\d+(?:\.\d+){2,})`;
const comma = String.raw`(?<comma>(?<!\(|\d,)\d+,\d{1,2}(?!\d|,\d))`;
const grouped = String.raw`\d{1,3}(?:,\d{3})+(?!\d)|\d{1,3}(?:'\d{3})+(?!\d)|\d{1,3}(?:_\d{3})+(?!\d)`;
const plain = String.raw`(?<whole>${grouped}|\d+)(?:\.(?<fraction>\d+))?|\.(?<bare>\d+)`;
const pattern = new RegExp(
  String.raw`(?<![\p{L}\p{N}_^.])(?<sign>(?<![\p{L}\p{N})\]])[-+])?[$€£¥]?` +
    `(?:${day}|${time}|${european}|${version}|${comma}|${plain})` +
    String.raw`(?:e(?<exponent>[-+]?\d{1,4})(?![\p{L}\p{N}]))?` +
    String.raw`(?:\s*[x×*·]\s*10\^(?<power>[-+]?\d{1,4}))?(?:\^(?<raised>\d{1,3}))?(?:/(?<denominator>\d+)(?![\d/]))?` +
    String.raw`(?:\s+(?<scale>hundred|thousand|million|billion|trillion)(?!\p{L}))?`,
  "giu",
);

/** A text with its numbers written plainly: ASCII digits, and digits for English number words. */
export function plainNumbers(text: string): string {
  return wordsToDigits(plainDigits(text));
}

/** All numbers of a text that went through `plainNumbers`, in their order. */
export function findNumbers(text: string): readonly FoundNumber[] {
  const found: FoundNumber[] = [];
  for (const match of text.matchAll(pattern)) {
    const key = canonicalKey(match.groups ?? {});
    if (key !== null) found.push({ key, start: match.index, end: match.index + match[0].length });
  }
  return found;
}

function canonicalKey(groups: Readonly<Record<string, string | undefined>>): string | null {
  if (groups["version"] !== undefined) return null;
  if (groups["day"] !== undefined) return groups["day"];
  if (groups["time"] !== undefined) return groups["time"].padStart(groups["time"].length < 6 ? 5 : 8, "0");
  const negative = groups["sign"] === "-";
  const [whole = "", fraction = ""] = writtenDigits(groups);
  const exponent =
    Number(groups["exponent"] ?? 0) + Number(groups["power"] ?? 0) + scaleExponent(groups["scale"] ?? "");
  if (groups["raised"] !== undefined && fraction === "") {
    return raise(negative, whole, Number(groups["raised"]));
  }
  if (groups["denominator"] !== undefined && fraction === "" && exponent === 0 && whole.length < 40) {
    const denominator = groups["denominator"];
    return denominator.length < 40 ? canonicalFraction(negative, BigInt(whole), BigInt(denominator)) : null;
  }
  return canonicalDecimal({ negative, whole, fraction, exponent });
}

function writtenDigits(groups: Readonly<Record<string, string | undefined>>): readonly string[] {
  if (groups["european"] !== undefined) return groups["european"].replaceAll(".", "").split(",");
  if (groups["comma"] !== undefined) return groups["comma"].split(",");
  if (groups["bare"] !== undefined) return ["", groups["bare"]];
  return [(groups["whole"] ?? "").replace(/[,'_]/g, ""), groups["fraction"] ?? ""];
}

function raise(negative: boolean, base: string, exponent: number): string | null {
  if (base.length * exponent > 400) return null;
  const power = BigInt(base) ** BigInt(exponent);
  return canonicalDecimal({ negative, whole: String(power), fraction: "", exponent: 0 });
}
