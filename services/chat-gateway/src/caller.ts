import { createHash, timingSafeEqual } from "node:crypto";
import { SynodError } from "@synod/rpc";
import { type ApiKey, type KeyStore, StorageError } from "@synod/run-store";
import { storageAfterMs } from "./not-kept.js";

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
 * @throws SynodError `invalid_api_key` for a key that is missing, malformed, unknown, expired or revoked, the same for all
 * of them; `storage_unavailable` when keys cannot be looked up. Keys of the settings are known without looking.
 */
export type CallerCheck = (authorization: string | null | undefined) => Promise<Caller>;

/**
 * Makes the check of callers' keys. Where there is none, neither in the settings nor in the database, everyone may call.
 *
 * Every key of the settings is compared, by its hash and in constant time, so that the time says nothing about any of
 * them; then whatever was shown is looked up in the database, malformed or not.
 *
 * @param apiKeys Keys of the settings. Secret.
 * @param stored Keys of the database.
 */
export function createCallerCheck(
  apiKeys: readonly string[],
  stored: Pick<KeyStore, "find" | "inUse">,
): CallerCheck {
  const known = apiKeys.map(keyOfSettings);

  function callerOfSettings(secret: string): Caller | undefined {
    const shown = hashOf(secret);
    let found: Caller | undefined;
    for (const { hash, caller } of known) if (timingSafeEqual(hash, shown)) found = caller;
    return found;
  }

  async function callerOfDatabase(secret: string): Promise<Caller> {
    if (known.length === 0 && !(await stored.inUse())) return anyone;
    const key = await stored.find(secret);
    if (key === undefined) throw keyNeeded();
    return { owner: key.keyId, key };
  }

  return async (authorization) => {
    const secret = shownIn(authorization);
    try {
      return callerOfSettings(secret) ?? (await callerOfDatabase(secret));
    } catch (error) {
      throw error instanceof StorageError ? keysUnknown(error) : error;
    }
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

function keysUnknown(cause: StorageError): SynodError {
  const message = "Synod cannot look up keys at the moment. Ask again soon.";
  return new SynodError({ reason: "storage_unavailable", message, retryAfterMs: storageAfterMs }, { cause });
}
