import { checkPreset } from "./check-preset.js";
import { controlMistakes } from "./check-provider.js";
import type { TextFile } from "./environment.js";
import type { Mistake } from "./mistakes.js";
import type { WrittenProviders } from "./provider-settings.js";
import { fromReference, isReference } from "./reference-format.js";
import { type Config, configSchema, defaultHistory, defaultLimits } from "./schema/config.js";
import { mistakesOf, pathText } from "./schema/issues.js";
import type { Preset } from "./schema/preset.js";
import type { HistorySettings, Limits } from "./settings.js";

/** What the configuration file says. */
export interface ConfigSettings {
  readonly providers: WrittenProviders;
  readonly presets: Readonly<Record<string, Preset>>;
  readonly limits: Limits;
  readonly history: HistorySettings;
  readonly warnings: readonly string[];
}

const nothing: ConfigSettings = {
  providers: {},
  presets: {},
  limits: defaultLimits,
  history: defaultHistory,
  warnings: [],
};

/** Checks the configuration file, if there is one, and notes its mistakes. */
export function configSettings(file: TextFile | undefined, mistakes: Mistake[]): ConfigSettings {
  if (file === undefined) return nothing;
  const source = file.path;
  let document: unknown;
  try {
    document = JSON.parse(file.text.replace(/^\uFEFF/, ""));
  } catch (error) {
    mistakes.push({ source, path: "", message: notJson(file.text, error) });
    return nothing;
  }
  if (isReference(document)) {
    const { presets, warnings } = fromReference(document, source, mistakes);
    return { ...nothing, presets, warnings };
  }
  mistakes.push(...forbiddenNames(document, source));
  const result = configSchema.safeParse(document);
  if (result.success) return checked(result.data, source, mistakes);
  mistakes.push(...mistakesOf(result.error.issues, source));
  // What is well formed is looked at too, so that no mistake waits for another.
  const { issues } = result.error;
  const reported = new Set(mistakes.map(({ path }) => path));
  const coarse = wellFormed(document, issues);
  const fine = { ...coarse, presets: Object(withoutMistakes(document, issues)).presets };
  for (const rest of [fine, coarse]) {
    const again = configSchema.safeParse(rest);
    if (!again.success) continue;
    const found: Mistake[] = [];
    const settings = checked(again.data, source, found);
    mistakes.push(...found.filter(({ path }) => !reported.has(path))); // what was left out is not missing
    return settings;
  }
  return nothing;
}

interface Issue {
  readonly path: readonly PropertyKey[];
  /** The keys that nobody knows, for an issue of that kind. */
  readonly keys?: readonly string[];
}

/** The document without the values that are wrong. It is not a whole one where such a value is required. */
function withoutMistakes(document: unknown, issues: readonly Issue[]): unknown {
  const copy: unknown = structuredClone(document);
  for (const { path, keys } of issues) {
    const parent = keys === undefined ? path.slice(0, -1) : path;
    const holder = parent.reduce<unknown>((value, key) => Object(value)[key], copy);
    for (const key of keys ?? path.slice(-1)) Reflect.deleteProperty(Object(holder), key);
  }
  return copy;
}

function wellFormed(document: unknown, issues: readonly { readonly path: readonly PropertyKey[] }[]): object {
  const bad = new Set(issues.map(({ path }) => pathText(path.slice(0, 2))));
  const section = (key: "providers" | "presets" | "limits" | "history") => {
    const value: unknown = Object(document)[key];
    if (typeof value !== "object" || value === null || bad.has(key)) return {};
    const entries = Object.entries(value).filter(([name]) => !bad.has(pathText([key, name])));
    return { [key]: Object.fromEntries(entries) };
  };
  return { ...section("providers"), ...section("presets"), ...section("limits"), ...section("history") };
}

function checked(config: Config, source: string, mistakes: Mistake[]): ConfigSettings {
  const providers = config.providers ?? {};
  const presets = config.presets ?? {};
  const limits = limitsOf(config.limits ?? {});
  for (const [id, provider] of Object.entries(providers)) {
    const wrong = (key: readonly string[], message: string) =>
      mistakes.push({ source, path: pathText(["providers", id, ...key]), message });
    const own = id === "openrouter" || id === "groq";
    if (id === "sim" || id === "synod") {
      wrong([], "this id has a meaning of its own. Choose another.");
    } else if (own && provider.kind !== undefined && provider.kind !== id) {
      wrong(["kind"], `"${provider.kind}" is not ${id}'s kind. Leave it out, or choose another id.`);
    } else if (!own && provider.kind === undefined) {
      wrong(["kind"], 'is missing. Use one of "openrouter", "groq", "openai".');
    }
    for (const [key, message] of controlMistakes(provider)) wrong(key, message);
  }
  for (const [name, preset] of Object.entries(presets)) {
    const context = { limits, providers: Object.keys(providers), source, prefix: ["presets", name] };
    mistakes.push(...checkPreset(preset, context));
  }
  const withSource = Object.entries(providers).map(
    ([id, provider]) => [id, { ...provider, source }] as const,
  );
  const history = historyOf(config.history ?? {});
  return { providers: Object.fromEntries(withSource), presets, limits, history, warnings: [] };
}

function limitsOf(written: NonNullable<Config["limits"]>): Limits {
  return {
    members: written.members ?? defaultLimits.members,
    samples: written.samples ?? defaultLimits.samples,
    rounds: written.rounds ?? defaultLimits.rounds,
    regenerations: written.regenerations ?? defaultLimits.regenerations,
    judges: written.judges ?? defaultLimits.judges,
    messages: written.messages ?? defaultLimits.messages,
    requestBytes: written.request_bytes ?? defaultLimits.requestBytes,
    requestsAtOnce: written.requests_at_once ?? defaultLimits.requestsAtOnce,
    bytesAtOnce: written.bytes_at_once ?? defaultLimits.bytesAtOnce,
  };
}

function historyOf(written: NonNullable<Config["history"]>): HistorySettings {
  return {
    enabled: written.enabled ?? defaultHistory.enabled,
    retentionDays: written.retention_days ?? defaultHistory.retentionDays,
  };
}

function notJson(text: string, error: unknown): string {
  const position = /at position (\d+)/.exec(error instanceof Error ? error.message : "")?.[1];
  const before = text.slice(0, Number(position ?? text.length)).split("\n");
  const where = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
  return `is not JSON: look at ${where}. Comments and trailing commas are not JSON.`;
}

// zod leaves this name out of a record without a word.
function forbiddenNames(document: unknown, source: string): readonly Mistake[] {
  if (typeof document !== "object" || document === null) return [];
  const { providers, presets } = Object(document);
  const records: (readonly [path: readonly string[], record: unknown])[] = [
    [["providers"], providers],
    [["presets"], presets],
    ...Object.entries(Object(providers)).map(
      ([id, provider]) => [["providers", id, "models"], Object(provider).models] as const,
    ),
  ];
  return records
    .filter(
      ([, record]) => typeof record === "object" && record !== null && Object.hasOwn(record, "__proto__"),
    )
    .map(([path]) => ({
      source,
      path: pathText([...path, "__proto__"]),
      message: "cannot be a name. Choose another.",
    }));
}
