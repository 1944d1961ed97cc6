import { derivedProfile } from "./derived-profile.js";
import { SIMULATED_MODELS, STAND_INS } from "./models.js";
import type { ModelProfile } from "./profile.js";

/** Which models there are, and how each behaves. */
export interface Catalogue {
  /** The profile of any id. */
  profile(id: string): ModelProfile;
  /** What a provider lists. */
  listed(provider: "openrouter" | "groq"): readonly ModelProfile[];
  /** Whether the id stands for a model that does not exist: it begins with `missing/` or `missing-`. */
  isMissing(id: string): boolean;
}

/**
 * Makes the catalogue. `models` add to the simulation's own or replace those with the same id; `standIns` lists ids of
 * real models too, each named as simulated.
 */
export function createCatalogue(options: {
  readonly models: readonly ModelProfile[];
  readonly standIns: boolean;
}): Catalogue {
  const own = new Map([...SIMULATED_MODELS, ...options.models].map((profile) => [profile.id, profile]));
  const profile = (id: string) => own.get(id) ?? own.get(id.replace(/^sim\//, "")) ?? derivedProfile(id);
  return {
    profile,
    listed: (provider) => [...own.values(), ...(options.standIns ? STAND_INS[provider].map(profile) : [])],
    isMissing: (id) => /^missing[-/]/.test(id),
  };
}
