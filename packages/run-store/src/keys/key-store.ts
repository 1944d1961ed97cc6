/** What a key may use, each 1 or more. What is unset is not limited. */
export interface KeyLimits {
  readonly requestsPerMinute?: number;
  /** Read and written. */
  readonly tokensPerMinute?: number;
  /** Billionths of a US dollar, from midnight to midnight in UTC. */
  readonly usdNanosPerDay?: number;
  /** Billionths of a US dollar, in a calendar month in UTC. */
  readonly usdNanosPerMonth?: number;
}

/** A key of a caller, without its secret. */
export interface ApiKey {
  /** 16 hexadecimal digits. It is no secret, and it is the owner of the key's runs. */
  readonly keyId: string;
  readonly name: string;
  readonly limits: KeyLimits;
  /** Times are in milliseconds since 1970. */
  readonly createTimeMs: number;
  /** From then on it opens nothing. Undefined: never. */
  readonly expireTimeMs: number | undefined;
  /** Since then it opens nothing. */
  readonly revokeTimeMs: number | undefined;
}

/** A key that is to be made. */
export interface NewKey {
  /** What people call it. */
  readonly name: string;
  readonly limits?: KeyLimits;
  /** Milliseconds since 1970. */
  readonly expireTimeMs?: number;
}

/** A key with the text that its owner shows: the only time that it can be read. */
export interface CreatedKey {
  readonly key: ApiKey;
  /** Secret. `sk-synod-<key id>-<43 characters>`. */
  readonly secret: string;
}

/**
 * The keys of callers. Of a secret its SHA-256 is kept alone. That is enough: a secret has 256 random bits, so nobody
 * finds it by trying, however fast the hash is; a slow one would cost each request what it costs the attacker.
 */
export interface KeyStore {
  /** @throws StorageError */
  create(key: NewKey): Promise<CreatedKey>;
  /** All keys, the newest first, those included that open nothing any more. */
  list(): Promise<readonly ApiKey[]>;
  /** Makes a key open nothing from now on; elsewhere within 5 seconds. Undefined when there is no such key. */
  revoke(keyId: string): Promise<ApiKey | undefined>;
  /**
   * The key that a secret opens; undefined for one that is unknown, malformed, expired or revoked. The answer is
   * remembered for 5 seconds, so most calls read no database.
   */
  find(secret: string): Promise<ApiKey | undefined>;
  /**
   * Whether any key was ever made, even if it opens nothing now: then callers need one. Remembered for 5 seconds.
   */
  inUse(): Promise<boolean>;
}
