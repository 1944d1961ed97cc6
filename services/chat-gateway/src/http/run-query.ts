import { invalid } from "../failure.js";
import { defaultLimit, maxLimit, momentOf, presetOf } from "../history/run-filter.js";
import type { RunFilter } from "../history/run-history.js";

const statuses = ["queued", "running", "completed", "failed", "cancelled"] as const;
const names: readonly string[] = ["status", "preset", "since", "before", "limit", "cursor"];

/**
 * Reads which runs a URL asks for.
 *
 * @throws SynodError `invalid_value` with the name of the first parameter that is unknown, written twice or malformed.
 */
export function readRunQuery(url: string): RunFilter {
  const query = new URLSearchParams(/\?([^#]*)/.exec(url)?.[1] ?? "");
  const seen = new Set<string>();
  for (const name of query.keys()) {
    const known = name.slice(0, 64);
    if (!names.includes(name)) throw invalid(known, `${known} is not known. Use ${names.join(", ")}.`);
    if (seen.has(name)) throw invalid(name, `${name} stands there twice.`);
    seen.add(name);
  }
  function read<T>(name: string, parse: (text: string) => T): T | undefined {
    const text = query.get(name);
    return text === null ? undefined : parse(text);
  }
  return {
    status: read("status", statusOf),
    preset: read("preset", (text) => presetOf("preset", text)),
    since: read("since", (text) => timeOf("since", text)),
    before: read("before", (text) => timeOf("before", text)),
    limit: read("limit", limitOf) ?? defaultLimit,
    cursor: read("cursor", cursorOf),
  };
}

function statusOf(text: string): (typeof statuses)[number] {
  const status = statuses.find((known) => known === text);
  if (status === undefined) throw invalid("status", `status must be one of ${statuses.join(", ")}.`);
  return status;
}

const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/i;

function timeOf(param: string, text: string): number {
  if (/^\d{1,12}(\.\d{1,9})?$/.test(text)) return momentOf(param, Number(text) * 1_000);
  const ms = rfc3339.test(text) ? Date.parse(text.toUpperCase()) : Number.NaN;
  if (!Number.isNaN(ms)) return momentOf(param, ms);
  const example = "2026-11-28T12:00:00Z";
  throw invalid(
    param,
    `${param} must be a time such as ${example}, or seconds since 1970. A + is written %2B.`,
  );
}

function limitOf(text: string): number {
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= maxLimit) return limit;
  throw invalid("limit", `limit must be a whole number from 1 to ${maxLimit}.`);
}

function cursorOf(text: string): string {
  if (text.length <= 1_024) return text;
  throw invalid("cursor", "cursor must be the `next_cursor` of a list.");
}
