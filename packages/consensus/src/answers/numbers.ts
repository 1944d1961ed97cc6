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
const slashes = String.raw`(?<slashes>\d{1,2}/\d{1,2}/\d{4}(?![\d/]))`;
const hex = String.raw`(?<hex>0x[\da-f]{1,64}(?![\p{L}\p{N}]))`;
const european = String.raw`(?<european>\d{1,3}(?:\.\d{3})+,\d+(?![\d,])|\d{1,3}(?:\.\d{3}){2,20}(?![\d.,]*\d))`;
const version = String.raw`(?<version>\d+(?:\.\d+){2,})`;
const comma = String.raw`(?<comma>(?<![([{]|\d,)(?:\d+,(?:\d{1,2}|\d{4,})|0,\d{3})(?!\d|,\d))`;
const indian = String.raw`[1-9]\d?(?:,\d{2})+,\d{3}(?!\d)`;
const grouped = String.raw`${indian}|[1-9]\d{0,2}(?:(?:,\d{3})+|(?:['’]\d{3})+|(?:_\d{3})+)(?!\d)`;
const plain = String.raw`(?<whole>${grouped}|\d+)(?:\.(?<fraction>\d+))?|\.(?<bare>\d+)`;
const pattern = new RegExp(
  String.raw`(?<![\p{L}\p{N}_^.])(?<!\p{L}[-/])(?<sign>(?<![\p{L}\p{N})\]])[-+])?(?<currency>[$€£¥])?` +
    `(?:${day}|${time}|${slashes}|${hex}|${european}|${version}|${comma}|${plain})` +
    String.raw`(?:e(?<exponent>[-+]?\d{1,4})(?![\p{L}\p{N}]))?` +
    String.raw`(?:\s*[x×*·]\s*10\^(?<power>[-+]?\d{1,4}))?(?:\^(?<raised>[-+]?\d{1,3}))?` +
    String.raw`(?:/(?<denominator>\d+)(?![\d/]))?` +
    String.raw`(?:(?:\s+|-)(?<scale>hundred|thousand|million|billion|trillion)(?!\p{L}))?` +
    String.raw`(?<short>(?:[kmb]|\s?[mbt]n)(?![\p{L}\p{N}^]))?`,
  "giu",
);

/** Powers of ten that stand right behind a number. `M`, `K` and `b` are units too, so they need a currency in front. */
const shorts: Readonly<Record<string, number>> = { k: 3, m: 6, b: 9, mn: 6, bn: 9, tn: 12 };

/** A text with its numbers written plainly: ASCII digits, and digits for English number words. */
export function plainNumbers(text: string): string {
  return wordsToDigits(plainDigits(text));
}

/**
 * All numbers of a text that went through `plainNumbers`, in their order, each with its one way of writing.
 *
 * Where languages write numbers differently, the digits decide:
 * - `1,000` and `1,234,567` group thousands, `1,23,456` does so as in India; `3,5`, `0,125` and `1,2345` have a decimal
 *   comma. So `1,000` is a thousand, though some write one that way.
 * - `1.000` and `3.14` have a decimal point, so `1.000` is one, though some write a thousand that way; `1.234,5` and
 *   `1.234.567` group thousands by points. `1.2.3` is a version and no number.
 * - `1 000`, `1'000`, `1’000` and `1_000` group thousands, with a decimal point or comma behind them.
 * - In brackets a comma separates: `(3,5)` and `[3,5]` are two numbers, and so are `1,2,3` and `1, 2` without them.
 *
 * Currency, percent and units never count, but `k`, `bn` and the like do: `$3M`, `3k`. Names such as `H2O`, `x1` and
 * `COVID-19`, and what stands by `π` or `√`, are no numbers.
 */
export function findNumbers(text: string): readonly FoundNumber[] {
  const found: FoundNumber[] = [];
  for (const match of text.matchAll(pattern)) {
    const { 0: written, index: start, groups = {} } = match;
    const end = start + written.length;
    if (isFactor(text, start, end)) continue;
    const power = shortPower(groups);
    const key = canonicalKey(groups, power ?? 0);
    const { short = "" } = groups;
    if (key !== null) found.push({ key, start, end: power === null ? end - short.length : end });
  }
  return found;
}

/** Whether a number stands by `π` or a root, so that it alone is not the number that is meant. */
function isFactor(text: string, start: number, end: number): boolean {
  return (
    /[√π][\s({]{0,3}$/.test(text.slice(Math.max(0, start - 4), start)) ||
    /^\s?[√π]/.test(text.slice(end, end + 2))
  );
}

/** The power of ten of what is short for one. Null when there is none, or when it is a unit. */
function shortPower({ short = "", currency }: Groups): number | null {
  const isUnit = currency === undefined && short.length === 1 && short !== "k";
  return isUnit ? null : (shorts[short.trim().toLowerCase()] ?? null);
}

type Groups = Readonly<Record<string, string | undefined>>;

function canonicalKey(groups: Groups, power: number): string | null {
  if (groups["version"] !== undefined) return null;
  if (groups["day"] !== undefined) return groups["day"];
  if (groups["slashes"] !== undefined) return groups["slashes"].replace(/(?<!\d)\d(?!\d)/g, "0$&");
  if (groups["time"] !== undefined) return groups["time"].padStart(groups["time"].length < 6 ? 5 : 8, "0");
  const negative = groups["sign"] === "-";
  if (groups["hex"] !== undefined) return `${negative ? "-" : ""}${BigInt(groups["hex"])}`;
  const [whole = "", fraction = ""] = writtenDigits(groups);
  const exponent =
    Number(groups["exponent"] ?? 0) +
    Number(groups["power"] ?? 0) +
    scaleExponent(groups["scale"] ?? "") +
    power;
  if (groups["raised"] !== undefined && fraction === "") {
    return raise(negative, whole, Number(groups["raised"]));
  }
  if (groups["denominator"] !== undefined && fraction === "") {
    return divide(negative, whole, groups["denominator"], exponent);
  }
  return canonicalDecimal({ negative, whole, fraction, exponent });
}

function writtenDigits(groups: Groups): readonly string[] {
  if (groups["european"] !== undefined) return groups["european"].replaceAll(".", "").split(",");
  if (groups["comma"] !== undefined) return groups["comma"].split(",");
  if (groups["bare"] !== undefined) return ["", groups["bare"]];
  const { whole = "", fraction = "" } = groups;
  return [whole.replace(/[,'’_]/g, ""), fraction];
}

function raise(negative: boolean, base: string, exponent: number): string | null {
  if (base.length * Math.abs(exponent) > 400) return null;
  const power = BigInt(base) ** BigInt(Math.abs(exponent));
  return exponent < 0
    ? canonicalFraction(negative, 1n, power)
    : canonicalDecimal({ negative, whole: String(power), fraction: "", exponent: 0 });
}

function divide(negative: boolean, whole: string, denominator: string, exponent: number): string | null {
  if (whole.length > 40 || denominator.length > 40 || exponent < 0 || exponent > 40) return null;
  return canonicalFraction(negative, BigInt(whole) * 10n ** BigInt(exponent), BigInt(denominator));
}
