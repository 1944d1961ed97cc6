import type { Environment } from "./environment.js";
import { type Mistake, SettingsError } from "./mistakes.js";
import { type UrlAdvice, Variables } from "./variables.js";

/** How somebody who calls Synod reaches it. */
export interface CallerSettings {
  /** Without a trailing slash. Example: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** The key to show. Secret. */
  readonly apiKey?: string;
}

const advice: UrlAdvice = { example: "http://127.0.0.1:8080", keyPlace: "SYNOD_API_KEY" };

/**
 * Reads how Synod is reached: `SYNOD_URL`, else where a Synod with this environment listens; and `SYNOD_API_KEY`.
 *
 * @param url wins over both.
 * @throws {SettingsError} with every mistake at once.
 */
export function toCallerSettings({ variables: all }: Environment, url?: string): CallerSettings {
  const mistakes: Mistake[] = [];
  const variables = new Variables(all, mistakes);
  const named = url ?? variables.text("SYNOD_URL");
  const path = url === undefined ? "SYNOD_URL" : "--url";
  const settings = {
    url:
      named === undefined ? listenerUrl(variables) : variables.baseUrl(named, { source: "", path }, advice),
    apiKey: variables.secret("SYNOD_API_KEY"),
  };
  if (settings.url === undefined || mistakes.length > 0) throw new SettingsError(mistakes);
  return { url: settings.url, ...(settings.apiKey !== undefined && { apiKey: settings.apiKey }) };
}

function listenerUrl(variables: Variables): string {
  const host = variables.host("SYNOD_HOST") ?? "127.0.0.1";
  // Port 0 was any free one: nobody knows which.
  const port = variables.port("SYNOD_PORT") || 8080;
  const reachable = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`;
}
