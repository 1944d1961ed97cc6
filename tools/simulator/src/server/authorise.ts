import { groqRefusal } from "../wire/groq/errors.js";
import { openrouterRefusal } from "../wire/openrouter/errors.js";
import type { Plan } from "../wire/plan.js";
import type { Settings } from "../options.js";
import type { Route } from "./route.js";

/** The 401 of a request without a key, or with one that is not accepted; nothing when it may go on. */
export function authorise(
  route: Route,
  key: string | undefined,
  settings: Settings,
  now: number,
): Plan | undefined {
  const accepted = key === undefined ? undefined : isAccepted(key, settings);
  if (route.provider === "groq") return accepted === true ? undefined : groqRefusal({ status: 401 }, "", now);
  // OpenRouter's list of models is public.
  if (accepted === true || route.endpoint === "models") return undefined;
  if (accepted === false) return openrouterRefusal({ status: 401, message: "User not found." }, now);
  return settings.requireKeys ? openrouterRefusal({ status: 401 }, now) : undefined;
}

function isAccepted(key: string, { keys, managementKeys }: Settings): boolean {
  return keys === undefined || keys.includes(key) || managementKeys.includes(key);
}
