import type { Sampling } from "../run/sampling.js";
import type { ModelPrompt } from "../strategies/strategy.js";

/**
 * How a model is asked for JSON that is read and not shown: without randomness, and without the limits and the stop texts
 * that are meant for answers, since a reply that they cut says nothing.
 *
 * @param name of the schema, letters and `_`.
 * @param schemaJson its JSON text.
 */
export function jsonSampling(name: string, schemaJson: string): Sampling {
  return { temperature: 0, responseFormat: { type: "json_schema", name, schemaJson, strict: true } };
}

/** The same prompt for a provider that refuses to be asked for a shape of reply. Shipped prompts name theirs in words too. */
export function withoutShape<P extends ModelPrompt>(prompt: P): P {
  const { responseFormat: _, ...sampling } = prompt.sampling;
  return { ...prompt, sampling };
}
