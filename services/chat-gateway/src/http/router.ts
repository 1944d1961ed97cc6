import { chatCompletions } from "./chat-completions.js";
import { completions } from "./completions.js";
import { getCredits } from "./credits.js";
import type { Route } from "./deps.js";
import { listEndpoints } from "./endpoints.js";
import { HttpError } from "./http-error.js";
import { getModel, listModels } from "./models.js";
import { getOpenApi } from "./open-api.js";
import { getPage } from "./page.js";
import { referenceChat } from "./reference-chat.js";
import { followRun } from "./run-events.js";
import { cancelRun, getRun, listRuns } from "./runs.js";
import { withPlace } from "./with-place.js";

type Methods = Readonly<Record<string, Route>>;

/** A route that fits a path. */
export interface Match {
  /** What metrics and logs call it. */
  readonly pattern: string;
  readonly methods: Methods;
}

const referenceMethods: Methods = { POST: withPlace(referenceChat) };

const fixed: Readonly<Record<string, Methods>> = {
  "/": { GET: getPage },
  "/openapi.json": { GET: getOpenApi },
  "/v1/chat/completions": { POST: withPlace(chatCompletions) },
  "/v1/completions": { POST: withPlace(completions) },
  "/v1/credits": { GET: getCredits },
  "/v1/models": { GET: listModels },
  "/v1/runs": { GET: listRuns },
  "/api/routes/chat": referenceMethods,
};

/** Routes of one thing. The id of a model holds slashes, written as such or as `%2F`. */
const ofId: Readonly<Record<string, (id: string) => Methods>> = {
  "/v1/models/{id}/endpoints": (id) => ({ GET: listEndpoints(id) }),
  "/v1/models/{id}": (id) => ({ GET: getModel(id) }),
  "/v1/runs/{id}/events": (id) => ({ GET: followRun(id) }),
  "/v1/runs/{id}/cancel": (id) => ({ POST: cancelRun(id) }),
  "/v1/runs/{id}": (id) => ({ GET: getRun(id) }),
};

const withSlashes = "/v1/models/";
/** The client of Groq appends it to its base URL. */
const groqPrefix = "/openai/v1/";

/** Every pattern that a path can fit. */
export const patterns: readonly string[] = [...Object.keys(fixed), ...Object.keys(ofId)];

/** The route of a URL's path; undefined when there is none. */
export function matchPath(url: string): Match | undefined {
  const end = url.search(/[?#]/);
  const asked = end === -1 ? url : url.slice(0, end);
  const path = asked.startsWith(groqPrefix) ? asked.slice("/openai".length) : asked;
  if (Object.hasOwn(fixed, path)) return { pattern: path, methods: fixed[path] ?? {} };
  // The system that Synod reimplements has it with the slash.
  if (path === "/api/routes/chat/") return { pattern: "/api/routes/chat", methods: referenceMethods };
  for (const [pattern, methodsOf] of Object.entries(ofId)) {
    const id = idIn(path, pattern);
    if (id !== undefined) return { pattern, methods: methodsOf(decoded(id)) };
  }
  return undefined;
}

/** The id that stands in a path of this pattern; undefined when it is no such path. */
function idIn(path: string, pattern: string): string | undefined {
  const [before = "", after = ""] = pattern.split("{id}");
  if (!path.startsWith(before) || !path.endsWith(after)) return undefined;
  const id = path.slice(before.length, path.length - after.length);
  return id === "" || (id.includes("/") && before !== withSlashes) ? undefined : id;
}

/** The route for a method. Whatever can be got can be asked for its head alone. */
export function routeOf(match: Match | undefined, method: string): Route {
  if (match === undefined) throw new HttpError(404, "not_found", "There is nothing under this path.");
  const { methods } = match;
  const name = method === "HEAD" ? "GET" : method;
  const route = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (route !== undefined) return route;
  const allow = Object.keys(methods)
    .flatMap((known) => (known === "GET" ? ["GET", "HEAD"] : [known]))
    .join(", ");
  throw new HttpError(405, "method_not_allowed", `Use ${allow} here.`, { allow });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // no such id then
  }
}
