import type { Clock } from "../clock.js";
import type { Database, Row } from "../database/database.js";
import { number, onlyRow, optionalNumber, text } from "../database/row.js";
import type { ApiKey, CreatedKey, KeyLimits, KeyStore, NewKey } from "./key-store.js";
import { Recent } from "./recent.js";
import { claimedId, hashOf, isSecret, newSecret } from "./secret.js";

const columns =
  "key_id, name, create_time, expire_time, revoke_time, requests_per_minute, tokens_per_minute, usd_nanos_per_day, " +
  "usd_nanos_per_month";

/** How long what was read is used, in milliseconds. */
const freshMs = 5_000;

/** Keeps keys in a database. */
export class SqlKeyStore implements KeyStore {
  readonly #database: Database;
  readonly #found: Recent<string, ApiKey | undefined>;
  readonly #used: Recent<"used", boolean>;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#found = new Recent({ clock, freshMs, max: 1_000 });
    this.#used = new Recent({ clock, freshMs, max: 1 });
  }

  async create({ name, limits = {}, expireTimeMs }: NewKey): Promise<CreatedKey> {
    const { keyId, text: secret, hash } = newSecret();
    const rows = await this.#database.write(({ sql }) =>
      sql(
        "INSERT INTO api_key (key_id, name, secret_hash, create_time, expire_time, requests_per_minute, " +
          "tokens_per_minute, usd_nanos_per_day, usd_nanos_per_month) " +
          `VALUES ($1, $2, $3, :now, $4, $5, $6, $7, $8) RETURNING ${columns}`,
        keyId,
        name,
        hash,
        expireTimeMs ?? null,
        limits.requestsPerMinute ?? null,
        limits.tokensPerMinute ?? null,
        limits.usdNanosPerDay ?? null,
        limits.usdNanosPerMonth ?? null,
      ),
    );
    this.#forget();
    return { key: keyOf(onlyRow(rows)), secret };
  }

  async list(): Promise<readonly ApiKey[]> {
    const rows = await this.#database.read(
      `SELECT ${columns} FROM api_key ORDER BY create_time DESC, key_id`,
    );
    return rows.map(keyOf);
  }

  async revoke(keyId: string): Promise<ApiKey | undefined> {
    const [row] = await this.#database.write(({ sql }) =>
      sql(
        "UPDATE api_key SET revoke_time = coalesce(revoke_time, :now) " +
          `WHERE key_id = $1 RETURNING ${columns}`,
        keyId,
      ),
    );
    this.#forget();
    return row && keyOf(row);
  }

  find(secret: string): Promise<ApiKey | undefined> {
    return this.#found.get(hashOf(secret), async () => {
      const sql =
        `SELECT ${columns}, secret_hash FROM api_key WHERE key_id = $1 AND revoke_time IS NULL ` +
        "AND (expire_time IS NULL OR expire_time > :now)";
      const [row] = await this.#database.read(sql, claimedId(secret));
      const isKnown = isSecret(secret, row === undefined ? "" : text(row, "secret_hash"));
      return isKnown && row !== undefined ? keyOf(row) : undefined;
    });
  }

  inUse(): Promise<boolean> {
    return this.#used.get("used", async () => {
      const rows = await this.#database.read("SELECT key_id FROM api_key LIMIT 1");
      return rows.length > 0;
    });
  }

  #forget(): void {
    this.#found.clear();
    this.#used.clear();
  }
}

function keyOf(row: Row): ApiKey {
  return {
    keyId: text(row, "key_id"),
    name: text(row, "name"),
    limits: limitsOf(row),
    createTimeMs: number(row, "create_time"),
    expireTimeMs: optionalNumber(row, "expire_time"),
    revokeTimeMs: optionalNumber(row, "revoke_time"),
  };
}

function limitsOf(row: Row): KeyLimits {
  const requestsPerMinute = optionalNumber(row, "requests_per_minute");
  const tokensPerMinute = optionalNumber(row, "tokens_per_minute");
  const usdNanosPerDay = optionalNumber(row, "usd_nanos_per_day");
  const usdNanosPerMonth = optionalNumber(row, "usd_nanos_per_month");
  return {
    ...(requestsPerMinute !== undefined && { requestsPerMinute }),
    ...(tokensPerMinute !== undefined && { tokensPerMinute }),
    ...(usdNanosPerDay !== undefined && { usdNanosPerDay }),
    ...(usdNanosPerMonth !== undefined && { usdNanosPerMonth }),
  };
}
