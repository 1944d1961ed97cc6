import type { Environment } from "./environment.js";
import { familyOf, parseModelId } from "./model-id.js";
import { providerVariables } from "./provider-settings.js";
import type { Preset } from "./schema/preset.js";
import type { ProcessRole, ProviderSettings } from "./settings.js";

const knownVariables: readonly string[] = [
  "SYNOD_HOST",
  "SYNOD_PORT",
  "SYNOD_GRPC_PORT",
  "SYNOD_CONFIG",
  "SYNOD_API_KEYS",
  "SYNOD_DATABASE_URL",
  "SYNOD_DATA_DIR",
  "SYNOD_CORS_ORIGINS",
  "SYNOD_PROVIDER_TARGET",
  "SYNOD_ROUND_TARGET",
  "SYNOD_AGGREGATION_TARGET",
  "SYNOD_JUDGE_TARGET",
  "SYNOD_INNER_TOKEN",
  "SYNOD_LOG_LEVEL",
  "SYNOD_SIMULATOR_URL",
  "SYNOD_URL",
  "SYNOD_API_KEY",
];

/** What is looked at for warnings. */
export interface WarningInput {
  readonly role: ProcessRole;
  readonly environment: Environment;
  readonly providers: readonly ProviderSettings[];
  /** Ids of the providers that the configuration file lists. */
  readonly listed: readonly string[];
  readonly presets: Readonly<Record<string, Preset>>;
}

/** What is allowed but looks wrong. */
export function startWarnings(input: WarningInput): readonly string[] {
  return [...variableWarnings(input.environment), ...keyWarnings(input), ...judgeWarnings(input)];
}

function variableWarnings({ variables }: Environment): readonly string[] {
  return Object.keys(variables)
    .filter((name) => name.startsWith("SYNOD_") && !knownVariables.includes(name))
    .map((name) => `${name} is not a setting of Synod; it is ignored.`);
}

function keyWarnings({ role, providers, listed, presets }: WarningInput): readonly string[] {
  if (role !== "all-in-one" && role !== "provider") return [];
  const ids = providers.map(({ id }) => id);
  const used = Object.entries(presets).flatMap(([name, preset]) =>
    modelsOf(preset).map((model) => ({ name, provider: parseModelId(model, ids).provider })),
  );
  return providers
    .filter(({ keyRequired, keys }) => keyRequired && keys.length === 0)
    .flatMap(({ id }) => {
      const names = [...new Set(used.filter(({ provider }) => provider === id).map(({ name }) => name))];
      if (names.length === 0 && !listed.includes(id)) return [];
      const why =
        names.length === 0 ? "is listed" : `is used by ${names.map((name) => `synod/${name}`).join(", ")}`;
      return [
        `${id} ${why} but has no key: set ${providerVariables(id, "API_KEY")[0]}. Until then it answers 503.`,
      ];
    });
}

function modelsOf(preset: Preset): readonly string[] {
  const judges = (preset.judge?.mode ?? "off") === "off" ? [] : (preset.judge?.models ?? []);
  const aggregator = preset.aggregation?.model;
  return [
    ...preset.members.map(({ model }) => model),
    ...(aggregator === undefined ? [] : [aggregator]),
    ...judges,
  ];
}

function judgeWarnings({ providers, presets }: WarningInput): readonly string[] {
  const ids = providers.map(({ id }) => id);
  return Object.entries(presets).flatMap(([name, preset]) => {
    const judges = preset.judge?.models ?? [];
    const [judge] = judges;
    if (judge === undefined || judges.length > 1 || (preset.judge?.mode ?? "off") === "off") return [];
    const family = familyOf(judge, ids);
    const relatives = preset.members.filter(
      (member) => (member.family ?? familyOf(member.model, ids)) === family,
    );
    if (relatives.length === 0) return [];
    return [
      `synod/${name}: the only judge, ${judge}, is of a member's family (${family}) and may share its mistakes.`,
    ];
  });
}
