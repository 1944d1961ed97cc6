import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { invalid } from "../failure.js";

/** A caller's headers that OpenRouter takes: who asks, and whether it may answer from its cache. No other goes out. */
const passedOn = [
  "http-referer",
  "x-title",
  "x-openrouter-title",
  "x-openrouter-categories",
  "x-openrouter-metadata",
  "x-openrouter-experimental-metadata",
  "x-openrouter-cache",
  "x-openrouter-cache-ttl",
  "x-openrouter-cache-clear",
] as const;

const longest = 1_024;

/**
 * The headers of a request that go on to OpenRouter, by their names in lower case.
 *
 * @throws SynodError `invalid_value` for one that is too long or holds control characters.
 */
export function providerHeadersOf(headers: IncomingHttpHeaders): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const name of passedOn) {
    const value = headers[name]?.toString();
    if (value === undefined) continue;
    if (value.length > longest || !/^[\x20-\x7e\x80-\xff]*$/.test(value)) {
      throw invalid(
        name,
        `${name} must have at most ${longest} characters, and none of them may be a control character.`,
      );
    }
    passed[name] = value;
  }
  return passed;
}

/** Says over HTTP what the head of the provider's answer said. Not once something has gone out. */
export function tellProviderHeaders(headers: Readonly<Record<string, string>>, res: ServerResponse): void {
  if (res.headersSent) return;
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
}
