/** What a seeded draw depends on. */
export type DrawPart = string | number;

/** A 32-bit hash of the parts, 0 to 2^32 - 1: FNV-1a, then MurmurHash3's finaliser. Not for secrets. */
export function hash(...parts: readonly DrawPart[]): number {
  const text = parts.join("\u0000");
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

/** A number from 0 (inclusive) to 1 (exclusive) that the parts decide. */
export function unit(...parts: readonly DrawPart[]): number {
  return hash(...parts) / 0x1_0000_0000;
}

/** A whole number from `low` to `high`, both inclusive, that the parts decide. */
export function whole(low: number, high: number, ...parts: readonly DrawPart[]): number {
  return low + Math.floor(unit(...parts) * (high - low + 1));
}

/** One of the items, which the parts decide. Throws when there are none. */
export function pick<Item>(items: readonly Item[], ...parts: readonly DrawPart[]): Item {
  const item = items[whole(0, items.length - 1, ...parts)];
  if (item === undefined) throw new RangeError("nothing to pick from");
  return item;
}

/** The items in an order that the parts decide. */
export function shuffled<Item>(items: readonly Item[], ...parts: readonly DrawPart[]): Item[] {
  const keyed = items.map((item, index) => ({ item, key: unit(...parts, index) }));
  return keyed.sort((left, right) => left.key - right.key).map(({ item }) => item);
}

/** A draw from the log-normal distribution with this median and this standard deviation of the logarithm. */
export function logNormal(median: number, sigma: number, ...parts: readonly DrawPart[]): number {
  const radius = Math.sqrt(-2 * Math.log(1 - unit("radius", ...parts)));
  return median * Math.exp(sigma * radius * Math.cos(2 * Math.PI * unit("angle", ...parts)));
}
