import { pick, unit } from "../random/hash.js";
import type { ModelProfile } from "./profile.js";

/** US dollars per token, dear to cheap. */
const PRICES = [
  { prompt: "0.000003", completion: "0.000015" },
  { prompt: "0.0000006", completion: "0.0000024" },
  { prompt: "0.00000015", completion: "0.0000006" },
  { prompt: "0.0000001", completion: "0.0000004" },
] as const;

const FREE = { prompt: "0", completion: "0" } as const;

/** The profile of a model that is not in the data: decided by its id alone. Sums of short numbers are always right. */
export function derivedProfile(id: string): ModelProfile {
  return {
    id,
    name: `${id} (simulated)`,
    family: familyOf(id),
    ability: 0.65 + 0.3 * unit("ability", id),
    yielding: 0.3 + 0.5 * unit("yielding", id),
    latency: { medianMs: 150 + 450 * unit("latency", id), sigma: 0.25 + 0.25 * unit("sigma", id) },
    tokensPerSecond: 60 + 180 * unit("speed", id),
    verbosity: pick([0, 1, 2] as const, "verbosity", id),
    price: id.endsWith(":free") || id.startsWith("bench/") ? FREE : pick(PRICES, "price", id),
    contextLength: 131_072,
  };
}

/** `llama` for both `meta-llama/llama-3.3-70b-instruct` and `llama-3.3-70b-versatile`. */
function familyOf(id: string): string {
  const slug = id.slice(id.lastIndexOf("/") + 1).toLowerCase();
  return /[a-z]+/.exec(slug)?.[0] ?? slug;
}
