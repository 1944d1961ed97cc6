import { clusterTexts } from "../answers/cluster.js";
import { normaliseText } from "../answers/plain-text.js";
import { jsonKey } from "../json/write-json.js";
import type { Merging } from "./merging.js";

/** More different texts, or longer ones together, are compared by their normalised form alone. */
const MAX_CLUSTERED = { texts: 24, chars: 20_000 } as const;

/** How many places of an answer have their texts compared by likeness, which is slow. */
const MAX_PLACES = 40;

/**
 * Makes what finds one key for all texts that say the same. Texts are compared by likeness; where there are many, and
 * after the first 40 places where they differ, by their normalised form.
 */
export function createTextKeys(): Merging["textKeys"] {
  let places = 0;
  return (entries) => {
    const texts = entries.map(({ json }) => (json.type === "string" ? json.value : ""));
    const distinct = new Set(texts);
    const chars = [...distinct].reduce((sum, text) => sum + text.length, 0);
    const isFew = distinct.size <= MAX_CLUSTERED.texts && chars <= MAX_CLUSTERED.chars;
    const isLikened = distinct.size > 1 && isFew && places++ < MAX_PLACES;
    const keys = isLikened ? clusterTexts(texts) : texts.map(normaliseText);
    return entries.map(({ json }, index) => {
      const key = json.type === "string" ? (keys[index] ?? "") : "";
      // Punctuation alone has no normalised form, and still differs.
      return key === "" ? jsonKey(json) : `~${key}`;
    });
  };
}
