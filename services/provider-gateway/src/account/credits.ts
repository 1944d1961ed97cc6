import { toCallError } from "../calls/io-failure.js";
import type { ProviderKey } from "../control/key-ring.js";
import {
  type AccountCredit,
  decodeCredits,
  decodeKey,
  type KeyLimit,
} from "../providers/openrouter-account.js";
import type { Provider } from "../providers/provider.js";
import { invalidRequest } from "../providers/provider-error.js";
import { readDocument } from "./read-document.js";
import { withAnyKey } from "./with-any-key.js";

/** What is left: of the account, or of the key where that is all it may know. */
export type Balance =
  | { readonly kind: "account"; readonly credit: AccountCredit }
  | { readonly kind: "key"; readonly limit: KeyLimit };

/**
 * Reads the credit of OpenRouter's account. Only management keys may; for others, the limits of the key are read. With
 * several keys it is the first that is good.
 *
 * @throws ProviderFailure `invalid_value` for another kind of provider, or what the provider answers.
 */
export async function readBalance(provider: Provider, signal: AbortSignal): Promise<Balance> {
  if (provider.codec.kind !== "openrouter") {
    throw invalidRequest(`provider_id: only OpenRouter says what is left, and ${provider.id} does not`);
  }
  return withAnyKey(provider, (key) => balanceOf(provider, key, signal));
}

async function balanceOf(provider: Provider, key: ProviderKey, signal: AbortSignal): Promise<Balance> {
  try {
    const request = { what: "credit", path: "/credits", key, signal, decode: decodeCredits };
    return { kind: "account", credit: await readDocument(provider, request) };
  } catch (error) {
    const { httpStatus } = toCallError(error);
    if (httpStatus !== 401 && httpStatus !== 403) throw error;
  }
  // With the same key: whether it is good is seen here.
  const request = { what: "limit of the key", path: "/key", key, signal, decode: decodeKey };
  return { kind: "key", limit: await readDocument(provider, request) };
}
