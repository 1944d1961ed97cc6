/** How nested a text may be. */
const maxDepth = 64;
/** How many fields and list entries a text may have together. */
export const maxEntries = 100_000;

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openList = 0x5b;
const closeList = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

/**
 * Looks at JSON in UTF-8 before it is parsed, since a small text can become a large object: at most 64 levels, and 100,000
 * fields and list entries together.
 *
 * @returns what is too much about it, or null.
 */
export function findJsonExcess(body: Uint8Array): string | null {
  let depth = 0;
  let entries = 0;
  for (let i = 0; i < body.length; i++) {
    switch (body[i]) {
      case quote:
        i = endOfText(body, i + 1);
        break;
      case openList:
      case openObject:
        depth += 1;
        if (depth > maxDepth) return `it is nested more than ${maxDepth} levels deep`;
        break;
      case closeList:
      case closeObject:
        depth -= 1;
        break;
      case comma:
      case colon:
        entries += 1;
        if (entries > maxEntries) return `it has more than ${maxEntries} fields and list entries`;
        break;
    }
  }
  return null;
}

/** The position of the quote that ends the text which begins at `from`. */
function endOfText(body: Uint8Array, from: number): number {
  for (let i = body.indexOf(quote, from); i !== -1; i = body.indexOf(quote, i + 1)) {
    let escapes = 0;
    while (i - escapes > from && body[i - escapes - 1] === backslash) escapes += 1;
    if (escapes % 2 === 0) return i;
  }
  return body.length;
}
