import { chatCompletions } from "./chat-completions.js";
import { completions } from "./completions.js";
import { getCredits } from "./credits.js";
import type { Route } from "./deps.js";
import { listEndpoints } from "./endpoints.js";
import { HttpError } from "./http-error.js";
import { getModel, listModels } from "./models.js";
import { referenceChat } from "./reference-chat.js";
import { followRun } from "./run-events.js";
import { cancelRun, getRun, listRuns } from "./runs.js";

/** A route that fits a path. */
export interface Match {
  /** What metrics and logs call it. */
  readonly pattern: string;
  readonly methods: Readonly<Record<string, Route>>;
}

const fixed: Readonly<Record<string, Match>> = {
  "/v1/chat/completions": { pattern: "/v1/chat/completions", methods: { POST: chatCompletions } },
  "/v1/completions": { pattern: "/v1/completions", methods: { POST: completions } },
  "/v1/credits": { pattern: "/v1/credits", methods: { GET: getCredits } },
  "/v1/runs": { pattern: "/v1/runs", methods: { GET: listRuns } },
  "/v1/models": { pattern: "/v1/models", methods: { GET: listModels } },
  "/api/routes/chat": { pattern: "/api/routes/chat", methods: { POST: referenceChat } },
  "/api/routes/chat/": { pattern: "/api/routes/chat", methods: { POST: referenceChat } },
};

const modelPath = "/v1/models/";
const runPath = "/v1/runs/";
const endpointsEnd = "/endpoints";
/** The client of Groq appends it to its base URL. */
const groqPrefix = "/openai/v1/";

/** The route of a URL's path; undefined when there is none. */
export function matchPath(url: string): Match | undefined {
  const end = url.search(/[?#]/);
  const asked = end === -1 ? url : url.slice(0, end);
  const path = asked.startsWith(groqPrefix) ? asked.slice("/openai".length) : asked;
  if (Object.hasOwn(fixed, path)) return fixed[path];
  if (path.startsWith(modelPath)) return matchModel(path.slice(modelPath.length));
  return path.startsWith(runPath) ? matchRun(path.slice(runPath.length).split("/")) : undefined;
}

function matchRun([id = "", action, ...more]: readonly string[]): Match | undefined {
  if (id === "" || more.length > 0) return undefined;
  const runId = decoded(id);
  switch (action) {
    case undefined:
      return { pattern: "/v1/runs/{id}", methods: { GET: getRun(runId) } };
    case "events":
      return { pattern: "/v1/runs/{id}/events", methods: { GET: followRun(runId) } };
    case "cancel":
      return { pattern: "/v1/runs/{id}/cancel", methods: { POST: cancelRun(runId) } };
    default:
      return undefined;
  }
}

/** `rest` is an id, or an id and what is asked of it. An id holds slashes, written as such or as `%2F`. */
function matchModel(rest: string): Match | undefined {
  if (rest === "") return undefined;
  if (!rest.endsWith(endpointsEnd) || rest === endpointsEnd) {
    return { pattern: "/v1/models/{id}", methods: { GET: getModel(decoded(rest)) } };
  }
  const id = decoded(rest.slice(0, -endpointsEnd.length));
  return { pattern: "/v1/models/{id}/endpoints", methods: { GET: listEndpoints(id) } };
}

/** The route for a method. */
export function routeOf(match: Match | undefined, method: string): Route {
  if (match === undefined) throw new HttpError(404, "not_found", "There is nothing under this path.");
  const route = Object.hasOwn(match.methods, method) ? match.methods[method] : undefined;
  if (route !== undefined) return route;
  const allow = Object.keys(match.methods).join(", ");
  throw new HttpError(405, "method_not_allowed", `Use ${allow} here.`, { allow });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // no such id then
  }
}
