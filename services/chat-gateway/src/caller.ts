import { createHash, timingSafeEqual } from "node:crypto";
import { SynodError } from "@synod/rpc";
import type { ApiKey } from "@synod/run-store";

/** Who sends a request. */
export interface Caller {
  /** Whose runs and idempotency keys are meant: an id of the key, no secret. Empty when nobody needs a key. */
  readonly owner: string;
  /** The key of the database that was shown, with its limits. Undefined for one of the settings, and for none. */
  readonly key: ApiKey | undefined;
}

/** Everyone, where nobody needs a key. */
export const anyone: Caller = { owner: "", key: undefined };

/**
 * Finds out who calls, by an `Authorization` header.
 *
 * @throws SynodError `invalid_api_key` for a key that is missing, malformed or unknown, the same for all of them.
 */
export type CallerCheck = (authorization: string | null | undefined) => Promise<Caller>;

/**
 * Makes the check of callers' keys. Without keys everyone may call.
 *
 * Every known key is compared, by its hash and in constant time, so that the time says nothing about any of them.
 *
 * @param apiKeys Keys of the settings. Secret.
 */
export function createCallerCheck(apiKeys: readonly string[]): CallerCheck {
  const known = apiKeys.map(keyOfSettings);
  return async (authorization) => {
    if (known.length === 0) return anyone;
    const shown = hashOf(shownIn(authorization));
    let found: Caller | undefined;
    for (const { hash, caller } of known) if (timingSafeEqual(hash, shown)) found = caller;
    if (found === undefined) throw keyNeeded();
    return found;
  };
}

const hashOf = (key: string): Buffer => createHash("sha256").update(key).digest();

function keyOfSettings(key: string): { readonly hash: Buffer; readonly caller: Caller } {
  const hash = hashOf(key);
  return { hash, caller: { owner: `env-${hash.toString("hex").slice(0, 12)}`, key: undefined } };
}

function shownIn(authorization: string | null | undefined): string {
  return /^bearer +(\S+) *$/i.exec(authorization ?? "")?.[1] ?? "";
}

function keyNeeded(): SynodError {
  const message = "Send a valid key with the header `Authorization: Bearer <key>`.";
  return new SynodError({ reason: "invalid_api_key", message });
}
