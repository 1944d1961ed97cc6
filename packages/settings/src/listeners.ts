import { type Mistake, SettingsError } from "./mistakes.js";
import type { ProcessRole, Settings } from "./settings.js";

/** Whether a name or an address is reached from this machine alone. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase();
  return name === "localhost" || name === "::1" || /^(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name);
}

/** Says why an inner service may not listen where it is told to: nothing that costs money is open to a network. */
export function checkInnerListener(
  { http: { host }, innerToken }: Pick<Settings, "http" | "innerToken">,
  role: ProcessRole,
): readonly Mistake[] {
  if (role === "all-in-one" || role === "chat" || isLoopback(host) || innerToken !== undefined) return [];
  const message =
    `${host} is reachable from other machines, and without a shared secret anyone there could use the ${role} ` +
    "service. Set SYNOD_INNER_TOKEN to the same value for all services, or use 127.0.0.1.";
  return [{ source: "", path: "SYNOD_HOST", message }];
}

/**
 * Sees to it that callers need a key where other machines reach Synod.
 *
 * @param keysInDatabase Asks whether callers need a key by what stands in the database. Only where it matters.
 * @throws {SettingsError} when anyone there could spend money.
 */
export async function requireKeys(
  { http: { host }, apiKeys }: Pick<Settings, "http" | "apiKeys">,
  keysInDatabase: () => Promise<boolean>,
): Promise<void> {
  if (isLoopback(host) || apiKeys.length > 0 || (await keysInDatabase())) return;
  const message =
    `${host} is reachable from other machines, and without keys anyone there could spend your money. ` +
    "Make one with `npx synod keys create`, set SYNOD_API_KEYS, or use 127.0.0.1.";
  throw new SettingsError([{ source: "", path: "SYNOD_HOST", message }]);
}
