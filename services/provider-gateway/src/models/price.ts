import type { TokenCounts } from "../providers/codec.js";

/** What a model costs, in billionths of a US dollar per million tokens. */
export interface Price {
  readonly input: bigint;
  readonly output: bigint;
}

const usdPerTokenDigits = 15;
const usdPerMillionDigits = 9;
const usdDigits = 9;

/** Prices in US dollars per token, as decimal text (`0.00000015`); null when one is no price (`-1` means "it varies"). */
export function priceFromUsdPerToken(input: unknown, output: unknown): Price | null {
  return priceOf(input, output, usdPerTokenDigits);
}

/** Prices in US dollars per million tokens, as decimal text (`0.59`). */
export function priceFromUsdPerMillion(input: string, output: string): Price | null {
  return priceOf(input, output, usdPerMillionDigits);
}

/** US dollars as decimal text or a number, in billionths of one; null when it is no amount, or below 0. */
export function usdNanos(decimal: unknown): bigint | null {
  return scaled(decimal, usdDigits);
}

/** What tokens cost, in billionths of a US dollar, rounded to the nearest. Cached tokens count in full. */
export function costOf(price: Price, tokens: TokenCounts): number {
  const millionfold = price.input * BigInt(tokens.input) + price.output * BigInt(tokens.output);
  return Number((millionfold + 500_000n) / 1_000_000n);
}

function priceOf(input: unknown, output: unknown, digits: number): Price | null {
  const [inputNanos, outputNanos] = [scaled(input, digits), scaled(output, digits)];
  return inputNanos === null || outputNanos === null ? null : { input: inputNanos, output: outputNanos };
}

/** A decimal text times ten to the `digits`, rounded to the nearest whole number, without a floating point in between. */
function scaled(decimal: unknown, digits: number): bigint | null {
  const text = typeof decimal === "number" ? String(decimal) : decimal;
  if (typeof text !== "string" || text.length > 64) return null;
  const parts = /^\+?(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,2}))?$/.exec(text.trim());
  if (parts === null) return null;
  const [, whole = "", fraction = "", exponent = "0"] = parts;
  if (whole + fraction === "") return null;
  const shift = digits - fraction.length + Number(exponent);
  const value = BigInt(whole + fraction);
  const result = shift >= 0 ? value * 10n ** BigInt(shift) : roundedQuotient(value, 10n ** BigInt(-shift));
  return result <= 2n ** 63n - 1n ? result : null;
}

function roundedQuotient(value: bigint, divisor: bigint): bigint {
  return (value + divisor / 2n) / divisor;
}
