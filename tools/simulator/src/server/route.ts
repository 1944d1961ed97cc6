import type { WireEndpoint, WireProvider } from "../wire/dialect.js";

/** Where a request of a provider's wire goes. */
export interface Route {
  readonly provider: WireProvider;
  readonly endpoint: WireEndpoint;
  /** The id of a model in the path, decoded; else empty. */
  readonly model: string;
  /** The path without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
}

const BASES = { openrouter: "/openrouter/api/v1/", groq: "/groq/openai/v1/" } as const;

/** Finds the route of a request; nothing when the path belongs to neither provider. */
export function findRoute(method: string, url: string): Route | undefined {
  const cut = url.indexOf("?");
  const path = cut < 0 ? url : url.slice(0, cut);
  const query = new URLSearchParams(cut < 0 ? "" : url.slice(cut + 1));
  for (const provider of ["openrouter", "groq"] as const) {
    if (!path.startsWith(BASES[provider])) continue;
    const rest = path.slice(BASES[provider].length).replace(/\/$/, "");
    const found = provider === "openrouter" ? openrouterEndpoint(method, rest) : groqEndpoint(method, rest);
    return { provider, path, query, ...found };
  }
  return undefined;
}

function openrouterEndpoint(method: string, rest: string): Pick<Route, "endpoint" | "model"> {
  if (method === "POST" && rest === "chat/completions") return { endpoint: "chat", model: "" };
  if (method === "POST" && rest === "completions") return { endpoint: "completions", model: "" };
  if (method !== "GET") return { endpoint: "unknown", model: "" };
  const model = /^models\/(.+)\/endpoints$/.exec(rest)?.[1];
  if (model !== undefined) return { endpoint: "endpoints", model: decoded(model) };
  for (const endpoint of ["models", "key", "credits", "generation"] as const) {
    if (rest === endpoint) return { endpoint, model: "" };
  }
  return { endpoint: "unknown", model: "" };
}

function groqEndpoint(method: string, rest: string): Pick<Route, "endpoint" | "model"> {
  if (method === "POST" && rest === "chat/completions") return { endpoint: "chat", model: "" };
  if (method === "GET" && rest === "models") return { endpoint: "models", model: "" };
  const model = /^models\/(.+)$/.exec(rest)?.[1];
  if (method === "GET" && model !== undefined) return { endpoint: "model", model: decoded(model) };
  return { endpoint: "unknown", model: "" };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return part;
    throw error;
  }
}
