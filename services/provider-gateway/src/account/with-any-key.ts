import type { ProviderKey } from "../control/key-ring.js";
import type { Provider } from "../providers/provider.js";
import { type ProviderError, ProviderFailure } from "../providers/provider-error.js";

/**
 * Reads what costs nothing with a key that the provider takes for it: one after the other, those first that it did not
 * refuse the last time.
 *
 * A key that is refused here is left alone here only: it may be one for completions alone, as OpenAI's project keys can
 * be. Whether it is good for those, they find out themselves, at no cost.
 *
 * @param refused is told of each key that was refused and after which another is tried.
 * @throws what `read` throws; when every key is refused, for the first of them.
 */
export async function withAnyKey<T>(
  { lines }: Provider,
  read: (key: ProviderKey) => Promise<T>,
  refused: (key: ProviderKey, error: ProviderError) => void = () => {},
): Promise<T> {
  const keys = lines.keys.toSorted((one, other) => Number(one.isOut) - Number(other.isOut));
  let refusal: ProviderFailure | undefined;
  for (const [place, { key }] of keys.entries()) {
    try {
      return await read(key);
    } catch (error) {
      if (!(error instanceof ProviderFailure) || error.error.blames !== "key") throw error;
      if (place + 1 < keys.length) refused(key, error.error);
      refusal ??= error;
    }
  }
  throw refusal ?? new Error("a provider has no key");
}
