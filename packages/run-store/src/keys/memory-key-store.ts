import type { Clock } from "../clock.js";
import type { ApiKey, KeyStore } from "./key-store.js";
import { opens } from "./opens.js";
import { claimedId, isSecret, newSecret } from "./secret.js";

/** Keeps keys in this process alone. */
export function createMemoryKeyStore(clock: Clock): KeyStore {
  const kept = new Map<string, { readonly key: ApiKey; readonly hash: string }>();
  return {
    async create({ name, limits = {}, expireTimeMs }) {
      const { keyId, text, hash } = newSecret();
      const key = { keyId, name, limits, createTimeMs: clock.now(), expireTimeMs, revokeTimeMs: undefined };
      kept.set(keyId, { key, hash });
      return { key, secret: text };
    },
    list: async () => [...kept.values()].map(({ key }) => key).toReversed(),
    async revoke(keyId) {
      const entry = kept.get(keyId);
      if (entry === undefined) return undefined;
      const key = { ...entry.key, revokeTimeMs: entry.key.revokeTimeMs ?? clock.now() };
      kept.set(keyId, { ...entry, key });
      return key;
    },
    async find(secret) {
      const entry = kept.get(claimedId(secret));
      const known = isSecret(secret, entry?.hash ?? "");
      return known && entry !== undefined && opens(entry.key, clock.now()) ? entry.key : undefined;
    },
    inUse: async () => kept.size > 0,
  };
}
