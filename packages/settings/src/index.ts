export { announcement, type Reached } from "./announcement.js";
export { choosePresets, type ProviderState } from "./choose-presets.js";
export { type Environment, readEnvironment, type TextFile } from "./environment.js";
export { type InnerConfig, toInnerConfig } from "./inner-config.js";
export { requireKeys } from "./listeners.js";
export { describeMistake, type Mistake, SettingsError } from "./mistakes.js";
export { familyOf, type ModelId, parseModelId, qualifyModelId, withoutRouting } from "./model-id.js";
export { needsSimulator } from "./needs-simulator.js";
export { parseOverride, parseOverrideJson, wantsMembers } from "./override.js";
export { providerControls } from "./provider-controls.js";
export { isProviderKeyVariable } from "./provider-settings.js";
export { readSettings } from "./read-settings.js";
export { type ResolveOptions, resolveSpec } from "./resolve-spec.js";
export { defaultLimits } from "./schema/config.js";
export type { Override, Preset } from "./schema/preset.js";
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
export { toSettings } from "./to-settings.js";
