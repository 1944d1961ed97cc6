import type { ListModelsResponse } from "@synod/contracts/provider";
import { parseModelId, type Preset, withoutRouting } from "@synod/settings";
import { closestTo } from "./closest.js";

/** Where the operator names a model. */
export interface ModelUses {
  /** The presets that name it. */
  readonly presets: readonly string[];
  /** Whether `providers.<id>.models` has settings for it. */
  readonly inSettings: boolean;
}

/** A configured model that its provider does not list. */
export interface UnlistedModel extends ModelUses {
  /** With its provider's prefix. */
  readonly id: string;
  /** Listed ids that are spelled most like it, the closest first; three at most. */
  readonly closest: readonly string[];
}

/** The models that the operator names, by their whole ids. */
export type ConfiguredModels = ReadonlyMap<string, ModelUses>;

/**
 * Collects the models that presets and settings name.
 *
 * @param inSettings whole ids of models that have settings of their own.
 * @param known ids of the providers.
 */
export function configuredModels(
  presets: Readonly<Record<string, Preset>>,
  inSettings: readonly string[],
  known: readonly string[],
): ConfiguredModels {
  const uses = new Map<string, Set<string>>();
  for (const [preset, settings] of Object.entries(presets)) {
    for (const written of modelsOf(settings)) {
      const { provider, name } = parseModelId(written, known);
      const id = `${provider}/${name}`;
      uses.set(id, (uses.get(id) ?? new Set()).add(preset));
    }
  }
  for (const id of inSettings) if (!uses.has(id)) uses.set(id, new Set());
  return new Map(
    [...uses].map(([id, names]) => [id, { presets: [...names], inSettings: inSettings.includes(id) }]),
  );
}

function modelsOf({ members, aggregation, judge }: Preset): readonly string[] {
  return [
    ...members.flatMap(({ model, fallbacks = [] }) => [model, ...fallbacks]),
    ...(aggregation?.model === undefined ? [] : [aggregation.model]),
    ...(judge?.models ?? []),
  ];
}

/**
 * Those of the configured models that are not listed. A provider that did not answer is left out, and so is one that lists
 * nothing: it does not say what it has.
 */
export function unlistedModels(
  configured: ConfiguredModels,
  response: ListModelsResponse,
): readonly UnlistedModel[] {
  const listed = namesByProvider(response);
  return [...configured].flatMap(([id, uses]) => {
    const [provider, name] = partsOf(id);
    const there = listed.get(provider);
    if (there === undefined || isListed(name, there)) return [];
    const closest = closestTo(name, [...there]).map((other) => `${provider}/${other}`);
    return [{ id, ...uses, closest }];
  });
}

/** The provider of a whole id, and what it calls the model. */
export function partsOf(id: string): readonly [provider: string, name: string] {
  const slash = id.indexOf("/");
  return [id.slice(0, slash), id.slice(slash + 1)];
}

function namesByProvider(response: ListModelsResponse): ReadonlyMap<string, ReadonlySet<string>> {
  const listed = new Map<string, Set<string>>();
  for (const { id, providerId } of response.models) {
    if (response.failedProviderIds.includes(providerId)) continue;
    const names = listed.get(providerId) ?? new Set();
    listed.set(providerId, names.add(id.slice(providerId.length + 1)));
  }
  return listed;
}

/** What a provider understands without listing it: OpenRouter's `:nitro` and the like, and Ollama's `:latest`. */
function isListed(name: string, listed: ReadonlySet<string>): boolean {
  return [name, withoutRouting(name), `${name}:latest`].some((form) => listed.has(form));
}
