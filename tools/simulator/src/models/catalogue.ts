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

/** Derived profiles that are kept for the next call. */
const MAX_DERIVED = 1_000;

/**
 * Makes the catalogue. `models` add to the simulation's own or replace those with the same id; `standIns` lists ids of
 * real models too, each named as simulated.
 */
export function createCatalogue(options: {
  readonly models: readonly ModelProfile[];
  readonly standIns: boolean;
}): Catalogue {
  const own = new Map([...SIMULATED_MODELS, ...options.models].map((profile) => [profile.id, profile]));
  // Deriving one draws its parts anew each time, and benchmarks ask for the same one thousands of times a second.
  const derived = new Map<string, ModelProfile>();
  const profile = (id: string) => {
    const known = own.get(id) ?? derived.get(id) ?? own.get(id.replace(/^sim\//, ""));
    if (known !== undefined) return known;
    if (derived.size >= MAX_DERIVED) derived.clear();
    const made = derivedProfile(id);
    derived.set(id, made);
    return made;
  };
  return {
    profile,
    listed: (provider) => [...own.values(), ...(options.standIns ? STAND_INS[provider].map(profile) : [])],
    isMissing: (id) => /^missing[-/]/.test(id),
  };
}
