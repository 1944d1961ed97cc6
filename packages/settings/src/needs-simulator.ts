import type { Settings } from "./settings.js";

/**
 * Whether a launcher must start the simulator: when a preset names one of its models, or when neither OpenRouter nor
 * Groq has a key and no `default` preset is configured. Never when `SYNOD_SIMULATOR_URL` says where one runs already.
 */
export function needsSimulator(settings: Pick<Settings, "providers" | "presets">): boolean {
  if (settings.providers.some((provider) => provider.simulated)) return false;
  const presets = Object.values(settings.presets);
  const named = presets.some((preset) => JSON.stringify(preset).includes('"sim/'));
  const keyless = settings.providers.every((provider) => !provider.keyRequired || provider.keys.length === 0);
  return named || (keyless && settings.presets["default"] === undefined);
}
