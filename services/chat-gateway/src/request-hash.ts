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

/** JSON text that is the same for equal values: fields in one order. Fields that are undefined are left out. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(inOrder(value));
}

// Writing the whole at once takes a third of the time of writing each part: requests can have 100,000 fields.
function inOrder(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(inOrder);
  const members = Object.entries(value).map(([name, member]): [string, unknown] => [name, inOrder(member)]);
  return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)));
}
