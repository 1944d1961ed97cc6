import { InvalidArgumentError, Option } from "commander";
import type { JsonObject } from "@synod/client";

/** Where Synod is. */
export const urlOption = (): Option =>
  new Option("--url <url>", "where Synod is. Default: SYNOD_URL, else http://127.0.0.1:8080");

/** Output for programs. */
export const jsonOption = (): Option => new Option("--json", "print JSON");

/** Reads a whole number. */
export function whole(least: number, most: number): (text: string) => number {
  return number(least, most, (value) => Number.isInteger(value), "a whole number");
}

/** Reads a number. */
export function real(least: number, most: number): (text: string) => number {
  return number(least, most, Number.isFinite, "a number");
}

function number(least: number, most: number, isOne: (value: number) => boolean, noun: string) {
  return (text: string): number => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (isOne(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Use ${noun} from ${least} to ${most}.`);
  };
}

/** Reads a JSON object. */
export function jsonObject(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InvalidArgumentError("It is not JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InvalidArgumentError("Use a JSON object.");
  }
  return { ...value };
}

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Reads a length of time of at most so many milliseconds, such as `500ms`, `20s`, `2m`. Gives milliseconds. */
export function timeSpan(mostMs: number): (text: string) => number {
  return (text) => {
    const span = spanOf(text);
    if (span !== undefined && span <= mostMs) return span;
    throw new InvalidArgumentError(
      `Use a number and a unit, such as 500ms, 20s or 2m, up to ${mostMs / unitMs.m}m.`,
    );
  };
}

function spanOf(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,9}(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  if (digits === undefined || unit === undefined || Number(digits) === 0) return undefined;
  return Math.max(1, Math.round(Number(digits) * unitMs[unit as keyof typeof unitMs]));
}

/** Reads a point in time: a date (`2026-11-28`, `2026-11-28T10:00Z`), or how long it is from now in a direction. */
export function pointInTime(now: () => number, direction: -1 | 1): (text: string) => Date {
  return (text) => {
    const span = spanOf(text);
    const time =
      span === undefined ? Date.parse(/^\d{4}-\d\d-\d\d/.test(text) ? text : "") : now() + direction * span;
    if (Number.isFinite(time)) return new Date(time);
    const relation = direction < 0 ? "ago" : "from now";
    throw new InvalidArgumentError(
      `Use a date such as 2026-11-28, or a time ${relation} such as 12h or 30d.`,
    );
  };
}

/** Collects `name=number` of an option that may be given several times. */
export function named(least: number, most: number) {
  const read = real(least, most);
  return (text: string, before: Readonly<Record<string, number>> = {}): Readonly<Record<string, number>> => {
    const at = text.lastIndexOf("=");
    if (at < 1) throw new InvalidArgumentError("Use <model>=<number>.");
    return { ...before, [text.slice(0, at)]: read(text.slice(at + 1)) };
  };
}
