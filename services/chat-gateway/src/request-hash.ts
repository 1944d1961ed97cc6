import { createHash } from "node:crypto";

/**
 * Names a request by what it asks: 64 hexadecimal digits. The order of its fields and the spaces between them make no
 * difference, every value does.
 *
 * @param route What was called: a path without its alias, or an RPC's full name. The same body means something else there.
 * @param request The request as JSON was parsed.
 */
export function requestHash(route: string, request: unknown): string {
  return createHash("sha256")
    .update(`${route}\n${canonicalJson(request)}`)
    .digest("hex");
}

/** JSON text that is the same for equal values: fields in the order of their names. Fields that are undefined are left out. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(",")}]`;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const inOrder = members.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${inOrder.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(",")}}`;
}
