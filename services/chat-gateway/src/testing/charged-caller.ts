import type { ApiKey, KeyLimits, Spending } from "@synod/run-store";
import type { TestGateway } from "./gateway.js";

/** A caller with a key of the database. */
export interface ChargedCaller {
  readonly key: ApiKey;
  /** The header that shows the key. */
  readonly headers: { readonly authorization: string };
  /** Sends JSON, as this caller. */
  post(path: string, body: unknown, init?: RequestInit): Promise<Response>;
  /** What the key has spent. */
  spending(): Promise<Spending>;
}

/** Makes a key with limits and calls with it. */
export async function callerWith({ stores, post }: TestGateway, limits: KeyLimits): Promise<ChargedCaller> {
  const { key, secret } = await stores.keys.create({ name: "test", limits });
  const headers = { authorization: `Bearer ${secret}` };
  return {
    key,
    headers,
    post: (path, body, init = {}) => post(path, body, { ...init, headers: { ...init.headers, ...headers } }),
    spending: () => stores.budgets.spending(key.keyId),
  };
}
