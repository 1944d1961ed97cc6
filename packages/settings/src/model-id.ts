/** Providers that exist without being listed. */
export const builtInProviders = ["openrouter", "groq", "sim"] as const;

/** An id taken apart. */
export interface ModelId {
  /** Example: `openrouter`. */
  readonly provider: string;
  /** What the provider calls it. Example: `google/gemini-2.0-flash-001`. */
  readonly name: string;
}

/**
 * Takes a model's id apart. An id that does not begin with a known provider's means OpenRouter.
 *
 * @param providers ids of configured providers; the built-in ones are known anyway.
 */
export function parseModelId(id: string, providers: readonly string[]): ModelId {
  const slash = id.indexOf("/");
  const prefix = slash < 0 ? "" : id.slice(0, slash);
  const known = providers.includes(prefix) || builtInProviders.some((provider) => provider === prefix);
  return known ? { provider: prefix, name: id.slice(slash + 1) } : { provider: "openrouter", name: id };
}

/** The whole id, with its provider's prefix. */
export function qualifyModelId(id: string, providers: readonly string[]): string {
  const { provider, name } = parseModelId(id, providers);
  return `${provider}/${name}`;
}

/**
 * An id without what OpenRouter lets stand after it and does not list: how to choose among those who serve the model.
 * `:free` is none of these: it is listed, with prices of its own, and may end while the model goes on.
 */
export function withoutRouting(name: string): string {
  return name.replace(/:(?:nitro|floor|online|thinking)$/, "");
}

/** Who made a model: the author part of its id (`google`), else its provider. */
export function familyOf(id: string, providers: readonly string[]): string {
  const { provider, name } = parseModelId(id, providers);
  const slash = name.indexOf("/");
  return slash > 0 ? name.slice(0, slash) : provider;
}
