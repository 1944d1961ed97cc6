import { invalid } from "../failure.js";

/** How many runs a page has when nothing is said of it. */
export const defaultLimit = 20;
/** The most runs of a page. */
export const maxLimit = 100;

/** The moments that RFC 3339 can write: the years 0001 to 9999. */
const earliestMs = -62_135_596_800_000;
const latestMs = 253_402_300_799_999;

/**
 * A moment that runs are chosen by, in milliseconds since 1970.
 *
 * @throws SynodError `invalid_value` when no calendar has it.
 */
export function momentOf(param: string, ms: number): number {
  if (ms >= earliestMs && ms <= latestMs) return ms;
  throw invalid(param, `${param} must be a time between the years 1 and 9999.`);
}

/**
 * The name of a preset that runs are chosen by.
 *
 * @throws SynodError `invalid_value` when it can be none.
 */
export function presetOf(param: string, name: string): string {
  // No preset is called otherwise, and a database may not take a NUL.
  if (name.length >= 1 && name.length <= 256 && !/\p{Cc}/u.test(name)) return name;
  throw invalid(param, `${param} must be the name of a preset, without \`synod/\`.`);
}
