import { RE2JS } from "re2js";
import type { Count } from "./work.js";

/** A pattern that cannot be tried: why, in words that follow its name. */
export class UntriedPattern extends Error {}

/**
 * Tries a pattern of a schema anywhere in a text.
 *
 * @param count Counts work, in schemas applied.
 * @throws UntriedPattern for a pattern with what no linear engine has (lookahead, back references). What
 *   `count` throws.
 */
export type Matches = (pattern: string, text: string, count: Count) => boolean;

/** A character takes a pattern of so many steps about as long as applying a schema that says nothing. */
const STEPS_PER_EVALUATION = 30;

/** What a character takes at least, in schemas applied. */
const LEAST = 0.2;

interface Compiled {
  readonly pattern: RE2JS;
  readonly steps: number;
}

/**
 * Makes what tries the patterns of one schema, in a time that grows with the texts alone: a backtracking engine could take
 * for ever on a caller's pattern.
 */
export function createMatches(): Matches {
  const compiled = new Map<string, Compiled>();
  return (source, text, count) => {
    const known = compiled.get(source) ?? compile(source);
    compiled.set(source, known);
    count((text.length + 1) * Math.max(LEAST, known.steps / STEPS_PER_EVALUATION));
    return known.pattern.test(text);
  };
}

function compile(source: string): Compiled {
  try {
    const pattern = RE2JS.compile(RE2JS.translateRegExp(source));
    return { pattern, steps: pattern.programSize() };
  } catch {
    const shown = source.length > 60 ? `${source.slice(0, 60)}…` : source;
    throw new UntriedPattern(`its pattern ${JSON.stringify(shown)} cannot be tried`);
  }
}
