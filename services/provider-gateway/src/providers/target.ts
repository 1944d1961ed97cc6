import { parseModelId } from "@synod/settings";
import type { Provider } from "./provider.js";
import { invalidRequest, type ProviderError, unrepeatable } from "./provider-error.js";

/** A model at its provider. */
export interface Target {
  /** With the provider's prefix. */
  readonly id: string;
  readonly provider: Provider;
  /** What the provider calls it. */
  readonly model: string;
}

/** Who is meant by an id: a target, or why there is none. */
export type Resolved =
  | { readonly kind: "target"; readonly target: Target }
  | { readonly kind: "failed"; readonly error: ProviderError };

/** Letters, digits and a few marks, in parts that do not begin with a dot: no paths, no URLs, no control characters. */
const modelName = /^[\w~][\w.:@+~#=,-]*(\/[\w~][\w.:@+~#=,-]*)*$/;

/**
 * Finds the provider that an id means.
 *
 * @throws ProviderFailure `invalid_value` for an id that can be none.
 */
export function resolveTarget(id: string, providers: ReadonlyMap<string, Provider>): Resolved {
  const parsed = parseModelId(id, [...providers.keys()]);
  if (id.length > 256 || !modelName.test(parsed.name)) {
    throw invalidRequest("model: this is not the id of a model. Write it like groq/llama-3.3-70b-versatile");
  }
  const provider = providers.get(parsed.provider);
  if (provider === undefined) return notConfigured(`the provider ${parsed.provider} is not configured`);
  if (!provider.available) return notConfigured(withoutKey(provider.id, id, [...providers.keys()]));
  return {
    kind: "target",
    target: { id: `${parsed.provider}/${parsed.name}`, provider, model: parsed.name },
  };
}

function withoutKey(provider: string, id: string, known: readonly string[]): string {
  const variable = `${provider.toUpperCase().replaceAll("-", "_")}_API_KEY`;
  const message = `the provider ${provider} has no key: set ${variable}`;
  if (id.startsWith(`${provider}/`)) return message;
  return `${message}. ${id} begins with none of the providers here (${known.join(", ")}), so it was taken for ${provider}'s`;
}

function notConfigured(message: string): Resolved {
  return {
    kind: "failed",
    error: {
      ...unrepeatable,
      reason: "provider_not_configured",
      message,
      failOver: "other_provider",
    },
  };
}
