/**
 * About how large a message is, in bytes, without encoding it: the lengths of its texts and bytes, and one for each other
 * value. At most its real size, and less than a third of it only for texts that are not ASCII.
 *
 * Stops counting above `limit`.
 */
export function approximateSize(value: unknown, limit: number): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 1;
  if (ArrayBuffer.isView(value)) return value.byteLength;
  let size = 0;
  if (Array.isArray(value)) {
    for (const item of value) {
      size += approximateSize(item, limit - size);
      if (size > limit) break;
    }
    return size;
  }
  for (const key in value) {
    // Two texts that every message carries and no wire does.
    if (key === "$typeName" || key === "$unknown") continue;
    size += approximateSize((value as Record<string, unknown>)[key], limit - size);
    if (size > limit) break;
  }
  return size;
}
