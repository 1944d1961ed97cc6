/** A number as it was written: sign, digits, and a power of ten. */
export interface WrittenNumber {
  readonly negative: boolean;
  /** ASCII digits before the point. May be empty. */
  readonly whole: string;
  /** ASCII digits after the point. May be empty. */
  readonly fraction: string;
  /** The power of ten to multiply with. */
  readonly exponent: number;
}

/** A number with more digits than this is no number that anyone meant. */
const MAX_DIGITS = 400;

/**
 * The one way to write a number: no exponent, no leading or trailing zeros, no `-0`. Exact at any size, since nothing
 * goes through floating point. Null when it would have more than 400 digits.
 */
export function canonicalDecimal(number: WrittenNumber): string | null {
  const digits = number.whole + number.fraction;
  const point = number.whole.length + number.exponent;
  if (Math.abs(point) > MAX_DIGITS || digits.length > MAX_DIGITS) return null;
  const padded =
    point > digits.length
      ? digits.padEnd(point, "0")
      : digits.padStart(digits.length - Math.min(point, 0), "0");
  const at = Math.max(point, 0);
  const whole = padded.slice(0, at).replace(/^0+/, "") || "0";
  const fraction = padded.slice(at).replace(/0+$/, "");
  const text = fraction === "" ? whole : `${whole}.${fraction}`;
  return number.negative && text !== "0" ? `-${text}` : text;
}

/**
 * The one way to write a fraction: a decimal where it ends (`1/2` is `0.5`), else in lowest terms (`2/6` is `1/3`).
 * Null for a denominator of zero.
 */
export function canonicalFraction(negative: boolean, numerator: bigint, denominator: bigint): string | null {
  if (denominator === 0n) return null;
  const divisor = greatestCommonDivisor(numerator, denominator);
  const top = numerator / divisor;
  const bottom = denominator / divisor;
  const places = decimalPlaces(bottom);
  if (places === null) return `${negative ? "-" : ""}${top}/${bottom}`;
  const scaled = String((top * 10n ** BigInt(places)) / bottom);
  return canonicalDecimal({ negative, whole: scaled, fraction: "", exponent: -places });
}

/** How many places a fraction of this denominator has as a decimal. Null when they never end. */
function decimalPlaces(denominator: bigint): number | null {
  let rest = denominator;
  let twos = 0;
  let fives = 0;
  for (; rest % 2n === 0n; rest /= 2n) twos++;
  for (; rest % 5n === 0n; rest /= 5n) fives++;
  return rest === 1n ? Math.max(twos, fives) : null;
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonDivisor(b, a % b);
}
