import type { JsonObject } from "../providers/openai-dialect/json.js";
import { decodeEndpoints } from "../providers/openrouter-account.js";
import { invalidRequest } from "../providers/provider-error.js";
import type { Target } from "../providers/target.js";
import { readDocument } from "./read-document.js";
import { withAnyKey } from "./with-any-key.js";

/**
 * Reads who serves a model, as OpenRouter says it: the model, and its `endpoints`.
 *
 * @throws ProviderFailure `invalid_value` for a model that is not OpenRouter's, `model_not_found`, or what else the
 *   provider answers.
 */
export async function readEndpoints(
  { id, provider, model }: Target,
  signal: AbortSignal,
): Promise<JsonObject> {
  if (provider.codec.kind !== "openrouter") {
    throw invalidRequest(
      `model: only OpenRouter lists who serves a model, and ${id} is not one of its models`,
    );
  }
  const path = `/models/${model.split("/").map(segment).join("/")}/endpoints`;
  return withAnyKey(provider, (key) =>
    readDocument(provider, { what: "list of endpoints", path, key, signal, decode: decodeEndpoints }),
  );
}

/** A part of a path. A colon, as in `:free`, stands for itself there. */
function segment(text: string): string {
  return encodeURIComponent(text).replaceAll("%3A", ":");
}
