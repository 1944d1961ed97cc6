import { type Duration, durationFromMs, durationMs } from "@bufbuild/protobuf/wkt";
import { MappingError } from "./mapping-error.js";

/**
 * A 64-bit integer as a number.
 *
 * @throws MappingError when a number cannot hold it exactly.
 */
export function toNumber(value: bigint, field: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new MappingError(field, `${value} is beyond 2^53 - 1`);
  return number;
}

/**
 * A whole number as a 64-bit integer.
 *
 * @throws MappingError when it is a fraction, not finite, or beyond 2^53 - 1.
 */
export function toBigInt(value: number, field: string): bigint {
  if (!Number.isSafeInteger(value))
    throw new MappingError(field, `${value} is not a whole number up to 2^53 - 1`);
  return BigInt(value);
}

/**
 * A whole number of 0 or more as a 64-bit integer.
 *
 * @throws MappingError when it is negative, a fraction, not finite, or beyond 2^53 - 1.
 */
export function toCount(value: number, field: string): bigint {
  if (value < 0) throw new MappingError(field, `${value} is negative`);
  return toBigInt(value, field);
}

/**
 * A measured time in milliseconds as a whole 64-bit integer, rounded; a clock that ran backwards counts as 0.
 *
 * @throws MappingError when it is not finite, or beyond 2^53 - 1.
 */
export function toMilliseconds(value: number, field: string): bigint {
  return toBigInt(Math.max(0, Math.round(value)), field);
}

/**
 * A set time in milliseconds as a Duration.
 *
 * @throws MappingError when it is negative, not finite, or beyond 2^53 - 1.
 */
export function toProtoDuration(milliseconds: number, field: string): Duration {
  return durationFromMs(Number(toCount(Math.round(milliseconds), field)));
}

/** A Duration in milliseconds. */
export function fromProtoDuration(duration: Duration): number {
  return durationMs(duration);
}
