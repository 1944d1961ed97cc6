import type { IncomingHttpHeaders } from "node:http";
import type { KeyTrace } from "./call.js";

const SECRET = new Set(["authorization", "proxy-authorization", "cookie", "x-api-key", "api-key"]);

/** Headers as the ledger keeps them: without secrets. */
export function redactedHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined && !SECRET.has(name))
      kept[name] = typeof value === "string" ? value : value.join(", ");
  }
  return kept;
}

/** The key of `Authorization: Bearer …`; undefined when there is none. */
export function bearerKey(headers: IncomingHttpHeaders): string | undefined {
  return /^Bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1];
}

/** What the ledger keeps of a key. */
export function keyTrace(key: string | undefined): KeyTrace | null {
  if (key === undefined) return null;
  return { length: key.length, last4: key.length >= 12 ? key.slice(-4) : "" };
}
