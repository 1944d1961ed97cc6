import type { Random } from "./random.js";

/** JSON in which a text may stand for what JSON cannot be made of, such as 1e999. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

const asWritten = "\u0001as written:";
/** A value that stands in the text as it is, valid or not. */
const written = (text: string): string => `${asWritten}${text}`;

const nested = (depth: number): string => written("[".repeat(depth) + "]".repeat(depth));

/** Values that no field expects. */
const oddValues: readonly Json[] = [
  ...[null, true, false, 0, -1, 1.5, 1e9, 2 ** 53, -(2 ** 63), 4_294_967_296],
  ...["", " ", "\u0000", "\r\nx: y", "\ud800", "\u202e", "x".repeat(5_000), "💥", "../../etc/passwd"],
  ...["http://127.0.0.1/", "__proto__", "NaN", "true", "0", "synod/", "synod/default", "nope/x", "groq/"],
  ...[[], [[]], {}, [null], [{}], { "": "" }, { type: "text" }, { constructor: 1 }],
  ...["1e999", "-1e999", "9".repeat(400), "1e-400", "NaN", "Infinity", "undefined", "01", "-0"].map(written),
  ...[written('"\\ud83d"'), written('"\\u0000"'), nested(63), nested(65), nested(3_000)],
];

const oddNames = [
  "__proto__",
  "constructor",
  "toString",
  "",
  "\u0000",
  "base_url",
  "n",
  "x".repeat(300),
  "é",
];

/** Writes JSON, and what stands in it as it is. */
export function textOf(json: Json): string {
  return JSON.stringify(json).replaceAll(/"\\u0001as written:((?:[^"\\]|\\.)*)"/g, (_, text: string) =>
    String(JSON.parse(`"${text}"`)),
  );
}

/** The document with one thing changed: a value, a name, a field more or less, or an entry. */
export function mutated(json: Json, random: Random): Json {
  const places = placesIn(json);
  const place = random.pick(places);
  return changedAt(json, place, (value) => changed(value, random));
}

/** Any document, some levels deep. */
export function anything(random: Random, depth = 4): Json {
  const kind = random.below(depth === 0 ? 2 : 4);
  if (kind < 2) return random.pick(oddValues);
  const entries = Array.from({ length: random.below(4) }, () => anything(random, depth - 1));
  if (kind === 2) return entries;
  return Object.fromEntries(entries.map((value) => [random.pick([...oddNames, "model", "messages"]), value]));
}

type Path = readonly (string | number)[];

function placesIn(json: Json, path: Path = []): readonly Path[] {
  if (typeof json !== "object" || json === null) return [path];
  const entries = Array.isArray(json) ? json.entries() : Object.entries(json);
  return [path, ...[...entries].flatMap(([key, value]) => placesIn(value as Json, [...path, key]))];
}

function changedAt(json: Json, [key, ...rest]: Path, change: (value: Json) => Json): Json {
  if (key === undefined) return change(json);
  if (Array.isArray(json))
    return json.map((value: Json, at) => (at === key ? changedAt(value, rest, change) : value));
  const entries = Object.entries(json as Readonly<Record<string, Json>>);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, name === key ? changedAt(value, rest, change) : value]),
  );
}

function changed(value: Json, random: Random): Json {
  const odd = random.pick(oddValues);
  if (typeof value !== "object" || value === null || random.below(3) === 0) return odd;
  if (Array.isArray(value)) {
    const list = value as readonly Json[];
    return random.pick([[...list, odd], list.slice(1), [odd, ...list.slice(1)], [...list, ...list, ...list]]);
  }
  const entries = Object.entries(value as Readonly<Record<string, Json>>);
  const at = random.below(Math.max(1, entries.length));
  const [name = "x", held = null] = entries[at] ?? [];
  const others = entries.filter((_, index) => index !== at);
  return Object.fromEntries(
    random.pick([
      others,
      [...others, [random.pick(oddNames), held]],
      [...entries, [random.pick(oddNames), odd]],
      [...others, [name, odd]],
    ]),
  );
}
