import type { Mistake } from "./mistakes.js";
import type { ProcessRole, Settings } from "./settings.js";

/** Whether a name or an address is reached from this machine alone. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase();
  return name === "localhost" || name === "::1" || /^(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name);
}

/** Says why a process may not listen where it is told to: nothing that costs money is open to a network. */
export function checkListeners(
  settings: Pick<Settings, "http" | "apiKeys" | "innerToken">,
  role: ProcessRole,
  variables: Readonly<Record<string, string | undefined>>,
): readonly Mistake[] {
  const { host } = settings.http;
  if (isLoopback(host)) return [];
  const outer = role === "all-in-one" || role === "chat";
  if (outer && settings.apiKeys.length === 0 && !variables["SYNOD_API_KEYS"]?.trim()) {
    const message =
      `${host} is reachable from other machines, and without keys anyone there could spend your money. ` +
      "Set SYNOD_API_KEYS, or use 127.0.0.1.";
    return [{ source: "", path: "SYNOD_HOST", message }];
  }
  if (!outer && settings.innerToken === undefined) {
    const message =
      `${host} is reachable from other machines, and without a shared secret anyone there could use the ${role} ` +
      "service. Set SYNOD_INNER_TOKEN to the same value for all services, or use 127.0.0.1.";
    return [{ source: "", path: "SYNOD_HOST", message }];
  }
  return [];
}
