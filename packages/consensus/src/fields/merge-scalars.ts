import type { Json } from "../json/json.js";
import { jsonKey } from "../json/write-json.js";
import { agreementOf, type Entry, heaviest, type Merged, type Merging, plurality } from "./merging.js";

/** The value that most voters gave, equal ones alone counted together. */
export function voteExactly(entries: readonly Entry[], path: string, merging: Merging): Merged {
  return vote(
    entries,
    entries.map(({ json }) => jsonKey(json)),
    path,
    merging,
  );
}

/** The text that most voters gave, those that say the same counted together, in the words of the heaviest. */
export function voteOnTexts(entries: readonly Entry[], path: string, merging: Merging): Merged {
  return vote(entries, merging.textKeys(entries.map(({ json }) => json)), path, merging);
}

function vote(entries: readonly Entry[], keys: readonly string[], path: string, merging: Merging): Merged {
  const { winners, tieBroken } = plurality(entries, (_, index) => keys[index] ?? "");
  return { json: heaviest(winners), fields: [agreementOf(path, winners, merging)], tieBroken };
}

/**
 * The median. Between two middle values it lies halfway; where not every number is allowed there, it is the one of the
 * two that more voters gave.
 *
 * @param entries numbers.
 */
export function median(
  entries: readonly Entry[],
  isStepped: boolean,
  path: string,
  merging: Merging,
): Merged {
  const sorted = entries.toSorted((a, b) => valueOf(a.json) - valueOf(b.json) || compareKeys(a.json, b.json));
  const low = sorted[Math.ceil(sorted.length / 2) - 1];
  const high = sorted[Math.floor(sorted.length / 2)];
  if (low === undefined || high === undefined) throw new Error("there is nothing to merge");
  const middle = sorted.filter(({ json }) => isSame(json, low.json) || isSame(json, high.json));
  const half = valueOf(low.json) / 2 + valueOf(high.json) / 2;
  if (isSame(low.json, high.json) || isStepped || !Number.isFinite(half)) {
    return voteExactly(middle, path, merging);
  }
  const json: Json = { type: "number", text: String(half) };
  const givers = entries.filter((entry) => isSame(entry.json, json));
  return { json, fields: [agreementOf(path, givers, merging)], tieBroken: false };
}

function valueOf(json: Json): number {
  return json.type === "number" ? Number(json.text) : 0;
}

function isSame(a: Json, b: Json): boolean {
  return jsonKey(a) === jsonKey(b);
}

function compareKeys(a: Json, b: Json): number {
  const [x, y] = [jsonKey(a), jsonKey(b)];
  return x.length - y.length || (x < y ? -1 : x > y ? 1 : 0);
}
