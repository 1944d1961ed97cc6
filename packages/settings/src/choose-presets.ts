import { checkPreset } from "./check-preset.js";
import type { Preset } from "./schema/preset.js";
import type { Settings } from "./settings.js";
import { shippedPresets } from "./shipped-presets.js";

/** A configured provider, as far as the choice of presets goes. */
export interface ProviderState {
  readonly id: string;
  /** Whether it can be asked: it has a key, or needs none. */
  readonly available: boolean;
  readonly simulated: boolean;
}

// The first that can be used is the default.
const realPresets = [
  { name: "mixed", needs: ["openrouter", "groq"] },
  { name: "broad", needs: ["openrouter"] },
  { name: "fast", needs: ["groq"] },
] as const;

/**
 * The presets that can be asked for, by name: the shipped ones whose providers are available, and the configured ones,
 * which win over a shipped one of the same name.
 *
 * A shipped preset that the operator's limits do not allow is left out.
 * `default` is the configured one, else `mixed`, `broad` or `fast` as keys allow, else the simulation. With nothing
 * available it is `mixed`, so that asking it names the keys that are missing.
 */
export function choosePresets(
  settings: Pick<Settings, "presets" | "limits">,
  providers: readonly ProviderState[],
): Readonly<Record<string, Preset>> {
  const has = (id: string) => providers.some((provider) => provider.id === id && provider.available);
  const context = { limits: settings.limits, providers: [], source: "", prefix: [] };
  const usable = realPresets
    .filter(({ needs }) => needs.every(has))
    .map(({ name }) => [name, shippedPresets[name]] as const)
    .filter(([, preset]) => checkPreset(preset, context).length === 0);
  const fallback = has("sim") ? shippedPresets.simulation : shippedPresets.mixed;
  const [first] = usable;
  return { default: first?.[1] ?? fallback, ...Object.fromEntries(usable), ...settings.presets };
}
