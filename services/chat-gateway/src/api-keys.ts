import { createHash, timingSafeEqual } from "node:crypto";
import { SynodError } from "@synod/rpc";

/** Whether an `Authorization` header shows a known key. */
export type KeyCheck = (authorization: string | null | undefined) => boolean;

const hashOf = (key: string): Buffer => createHash("sha256").update(key).digest();

/**
 * Makes the check of callers' keys. Without keys everyone may call.
 *
 * Every known key is compared, by its hash and in constant time, so that the time says nothing about any of them.
 */
export function createKeyCheck(keys: readonly string[]): KeyCheck {
  const hashes = keys.map(hashOf);
  if (hashes.length === 0) return () => true;
  return (authorization) => {
    const shown = hashOf(/^bearer +(\S+) *$/i.exec(authorization ?? "")?.[1] ?? "");
    let known = false;
    for (const hash of hashes) known = timingSafeEqual(hash, shown) || known;
    return known;
  };
}

/** What is told to a caller without a known key: the same for a missing, a malformed and an unknown one. */
export function keyNeeded(): SynodError {
  const message = "Send a valid key with the header `Authorization: Bearer <key>`.";
  return new SynodError({ reason: "invalid_api_key", message });
}
