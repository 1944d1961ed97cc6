import { providerControls } from "./provider-controls.js";
import type { Config } from "./schema/config.js";
import type { ProcessRole, ProviderKind, ProviderSettings } from "./settings.js";
import type { Variables } from "./variables.js";

type Written = NonNullable<Config["providers"]>[string] & { readonly source: string };

/** The providers of the configuration file by id, with the file that they stand in. */
export type WrittenProviders = Readonly<Record<string, Written>>;

const ownUrls: Readonly<Record<string, string>> = {
  openrouter: "https://openrouter.ai/api/v1",
  groq: "https://api.groq.com/openai/v1",
};

/** The names of a provider's variables: `OPENROUTER_API_KEY`, also `OPEN_ROUTER_API_KEY`. */
export function providerVariables(id: string, what: "API_KEY" | "BASE_URL"): readonly string[] {
  const name = `${id.toUpperCase().replaceAll("-", "_")}_${what}`;
  return id === "openrouter" ? [name, `OPEN_ROUTER_${what}`] : [name];
}

/** Whether an environment variable of this name holds the keys of a provider, listed or not. */
export function isProviderKeyVariable(name: string): boolean {
  return name.endsWith("_API_KEY");
}

/** Joins the built-in providers, the listed ones, and the environment, which wins. */
export function providerSettings(
  written: WrittenProviders,
  variables: Variables,
  role: ProcessRole,
): readonly ProviderSettings[] {
  const asksUpstreams = role === "all-in-one" || role === "provider";
  const ids = new Set(["openrouter", "groq", ...Object.keys(written)]);
  const providers = [...ids].map((id): ProviderSettings => {
    const entry = written[id];
    const kind: ProviderKind = entry?.kind ?? (id === "openrouter" || id === "groq" ? id : "openai");
    const keyName = firstSet(variables, providerVariables(id, "API_KEY"));
    const keys = asksUpstreams && keyName !== undefined ? variables.keys(keyName) : [];
    return {
      id,
      kind,
      baseUrl: baseUrlOf(id, kind, entry, variables) ?? "",
      keys,
      keyRequired: kind !== "openai",
      simulated: false,
      ...providerControls(entry),
    };
  });
  return [...providers, ...simulator(variables)];
}

function firstSet(variables: Variables, names: readonly string[]): string | undefined {
  return names.find((name) => variables.text(name) !== undefined);
}

function baseUrlOf(
  id: string,
  kind: ProviderKind,
  entry: Written | undefined,
  variables: Variables,
): string | undefined {
  const name = firstSet(variables, providerVariables(id, "BASE_URL"));
  if (name !== undefined) return variables.baseUrl(variables.text(name) ?? "", { source: "", path: name });
  if (entry?.base_url !== undefined) {
    return variables.baseUrl(entry.base_url, { source: entry.source, path: `providers.${id}.base_url` });
  }
  if (ownUrls[kind] === undefined) {
    variables.wrong(
      { source: entry?.source ?? "", path: `providers.${id}.base_url` },
      "is missing. Use the part of the URL before /chat/completions.",
    );
  }
  return ownUrls[kind];
}

// Set by the launcher, which starts the simulator; not meant for people.
function simulator(variables: Variables): readonly ProviderSettings[] {
  const name = "SYNOD_SIMULATOR_URL";
  const text = variables.text(name);
  const url = text === undefined ? undefined : variables.baseUrl(text, { source: "", path: name });
  if (url === undefined) return [];
  return [
    {
      id: "sim",
      kind: "openrouter",
      baseUrl: `${url}/openrouter/api/v1`,
      keys: [],
      keyRequired: false,
      simulated: true,
      ...providerControls(),
    },
  ];
}
