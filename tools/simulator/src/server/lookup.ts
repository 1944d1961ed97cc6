import { groqModel, groqModelList } from "../wire/groq/models.js";
import { groqMissingModel, groqUnknownUrl } from "../wire/groq/errors.js";
import { openrouterCredits, openrouterGeneration, openrouterKey } from "../wire/openrouter/account.js";
import { openrouterRefusal } from "../wire/openrouter/errors.js";
import { openrouterEndpoints, openrouterModelList } from "../wire/openrouter/models.js";
import { jsonPlan } from "../wire/plan.js";
import type { Plan } from "../wire/plan.js";
import type { SimulatorContext } from "./context.js";
import type { Route } from "./route.js";

/** What to send for every route but the completions. `now` is in epoch milliseconds. */
export function lookupPlan(
  context: SimulatorContext,
  route: Route,
  request: { readonly method: string; readonly key: string | undefined; readonly now: number },
): Plan {
  return route.provider === "groq"
    ? groqLookup(context, route, request.method)
    : openrouterLookup(context, route, request);
}

function groqLookup({ catalogue }: SimulatorContext, { endpoint, model, path }: Route, method: string): Plan {
  switch (endpoint) {
    case "models":
      return jsonPlan(200, {}, groqModelList(catalogue.listed("groq")));
    case "model":
      return catalogue.isMissing(model)
        ? groqMissingModel(model)
        : jsonPlan(200, {}, groqModel(catalogue.profile(model)));
    default:
      return groqUnknownUrl(method, path.replace("/groq", ""));
  }
}

function openrouterLookup(
  { catalogue, ledger, settings }: SimulatorContext,
  { endpoint, model, query }: Route,
  { key, now }: { readonly key: string | undefined; readonly now: number },
): Plan {
  const isManagement = key !== undefined && settings.managementKeys.includes(key);
  const spent = () => Number(ledger.stats().costUsd.toFixed(12));
  switch (endpoint) {
    case "models":
      return jsonPlan(200, {}, openrouterModelList(catalogue.listed("openrouter"), query));
    case "endpoints":
      return catalogue.isMissing(model)
        ? openrouterRefusal({ status: 404 }, now)
        : jsonPlan(200, {}, openrouterEndpoints(catalogue.profile(model)));
    case "key":
      return jsonPlan(200, {}, openrouterKey(spent(), isManagement));
    case "credits":
      return isManagement
        ? jsonPlan(200, {}, openrouterCredits(spent()))
        : openrouterRefusal({ status: 403 }, now);
    case "generation": {
      const found = ledger.generation(query.get("id") ?? "");
      return found === undefined
        ? openrouterRefusal({ status: 404 }, now)
        : jsonPlan(200, {}, openrouterGeneration(found.call, found.generation));
    }
    default:
      return openrouterRefusal({ status: 404 }, now);
  }
}
