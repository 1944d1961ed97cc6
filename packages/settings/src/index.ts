export { announcement, type Reached } from "./announcement.js";
export { type CallerSettings, toCallerSettings } from "./caller-settings.js";
export { choosePresets, type ProviderState } from "./choose-presets.js";
export { type Environment, readEnvironment, type TextFile } from "./environment.js";
export { type InnerConfig, toInnerConfig } from "./inner-config.js";
export { overrideJsonSchema } from "./json-schema.js";
export { requireKeys } from "./listeners.js";
export { describeMistake, type Mistake, SettingsError } from "./mistakes.js";
export { familyOf, type ModelId, parseModelId, qualifyModelId, withoutRouting } from "./model-id.js";
export { needsSimulator } from "./needs-simulator.js";
export { parseOverride, wantsMembers } from "./override.js";
export { providerControls } from "./provider-controls.js";
export { isProviderKeyVariable } from "./provider-settings.js";
export { readSettings } from "./read-settings.js";
export { type ResolveOptions, resolveSpec } from "./resolve-spec.js";
export { defaultLimits } from "./schema/config.js";
export { type Override, type Preset, presetDefaults } from "./schema/preset.js";
export { shippedPresets } from "./shipped-presets.js";
export type {
  CallLimits,
  CallTimeouts,
  HistorySettings,
  InnerService,
  Limits,
  Listener,
  LogLevel,
  ModelSettings,
  ProcessRole,
  ProviderKind,
  ProviderSettings,
  Settings,
  StorageSettings,
  TelemetrySettings,
} from "./settings.js";
export { toStorageSettings } from "./storage-settings.js";
export { toSettings } from "./to-settings.js";
