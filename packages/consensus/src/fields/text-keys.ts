import { clusterTexts } from "../answers/cluster.js";
import { normaliseText } from "../answers/plain-text.js";
import type { Json } from "../json/json.js";
import { jsonKey } from "../json/write-json.js";
import type { Count } from "../schema/work.js";
import type { Merging } from "./merging.js";

/** More different texts at one place are compared by their normalised form alone. */
const MAX_CLUSTERED = 24;

/** What a text takes beside its characters, in characters. */
const EACH = 30;

/**
 * How much of an answer is compared in the better ways, before a quicker one is taken: by the normalised form in characters;
 * by likeness in characters times the texts at a place.
 */
const MOST = { likened: 500_000, normalised: 100_000 } as const;

/**
 * Makes what finds one key for all texts that say the same. Texts are compared by likeness, which is slow; where there are
 * many, by their normalised form; and where that is too slow as well, by all but their case and white space.
 *
 * @param count Counts the texts.
 */
export function createTextKeys(count: Count): Merging["textKeys"] {
  const left: Record<keyof typeof MOST, number> = { ...MOST };
  const take = (way: keyof typeof MOST, work: number): boolean => {
    const isLeft = work <= left[way];
    if (isLeft) left[way] -= work;
    return isLeft;
  };
  return (values) => {
    const distinct = [...new Set(values.flatMap((json) => (json.type === "string" ? [json.value] : [])))];
    count(distinct.length);
    const keys = keysOf(distinct, take);
    const byText = new Map(distinct.map((text, at) => [text, keys[at] ?? ""]));
    return values.map((json) => keyOf(json, byText));
  };
}

function keysOf(
  texts: readonly string[],
  take: (way: keyof typeof MOST, work: number) => boolean,
): readonly string[] {
  const chars = texts.reduce((sum, text) => sum + text.length + EACH, 0);
  const isFew = texts.length > 1 && texts.length <= MAX_CLUSTERED;
  if (isFew && take("likened", chars * texts.length)) return clusterTexts(texts);
  if (take("normalised", chars)) return texts.map(normaliseText);
  return texts.map((text) => text.trim().toLowerCase().replace(/\s+/g, " "));
}

function keyOf(json: Json, byText: ReadonlyMap<string, string>): string {
  const key = json.type === "string" ? (byText.get(json.value) ?? "") : "";
  // Punctuation alone has no normalised form, and still differs.
  return key === "" ? jsonKey(json) : `~${key}`;
}
