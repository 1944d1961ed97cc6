import type { ApiKey } from "./key-store.js";

/** Whether a key opens anything at a time, in milliseconds since 1970. */
export function opens({ expireTimeMs, revokeTimeMs }: ApiKey, now: number): boolean {
  return revokeTimeMs === undefined && (expireTimeMs === undefined || now < expireTimeMs);
}
