/** The length of all texts in a plain value, in UTF-16 units: what makes one event larger than another. */
export function textSize(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 0;
  let size = 0;
  for (const part of Object.values(value)) size += textSize(part);
  return size;
}
