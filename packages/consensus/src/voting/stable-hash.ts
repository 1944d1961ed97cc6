/**
 * A number from 0 to 2^32 - 1 that depends on the text alone: the same on every machine and in every version.
 *
 * FNV-1a over the UTF-16 code units with a last mixing. Not for security.
 */
export function stableHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Orders texts by their hash, and texts of the same hash by their code units. 0 for equal texts alone. */
export function compareByHash(a: string, b: string): number {
  return stableHash(a) - stableHash(b) || compareText(a, b);
}

/** Orders texts by their code units: no locale, the same everywhere. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
