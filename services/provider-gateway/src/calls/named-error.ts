import type { ProviderError } from "../providers/provider-error.js";
import type { Target } from "../providers/target.js";

/** An error whose message says which model it is about, and in which the provider's key, should it stand there, is hidden. */
export function namedError({ id, provider }: Target, error: ProviderError): ProviderError {
  return { ...error, message: `${id}: ${provider.withoutKeys(error.message)}` };
}
