import { isIP } from "node:net";

/**
 * Whether a Host header names a machine in a way that only its own network gives a meaning: an address, `localhost`, a name
 * without a dot, or the name of an origin that may call.
 *
 * Whoever owns another name can let it mean this machine for a moment, and read with a page of that name whatever is open to
 * everyone here (DNS rebinding).
 */
export function isLocalName(host: string, origins: readonly string[]): boolean {
  const name = host.replace(/:\d*$/, "").toLowerCase();
  if (isIP(name.replace(/^\[(.*)\]$/, "$1")) !== 0) return true;
  if (!name.includes(".") || name.endsWith(".localhost")) return true;
  return origins.some((origin) => URL.canParse(origin) && new URL(origin).hostname === name);
}
