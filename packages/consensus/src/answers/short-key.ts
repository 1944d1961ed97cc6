import { cutText } from "../text/cut-text.js";
import { stableHash } from "../voting/stable-hash.js";

const MAX_KEY = 300;

/** A key that fits into a record: a long one keeps its beginning and gets the hash and length of the whole. */
export function shortKey(key: string): string {
  if (key.length <= MAX_KEY) return key;
  const kept = cutText(key, MAX_KEY - 40);
  return `${kept}… (${key.length} characters, ${stableHash(key).toString(16)}${stableHash(kept + key).toString(16)})`;
}
