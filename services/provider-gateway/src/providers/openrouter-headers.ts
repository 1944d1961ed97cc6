import type { CompletionRequest } from "@synod/contracts/provider";
import type { Headers } from "./codec.js";
import { invalidRequest } from "./provider-error.js";

/** What callers are told of the head of an answer. */
const told = [
  "x-generation-id",
  "x-openrouter-cache-status",
  "x-openrouter-cache-age",
  "x-openrouter-cache-ttl",
  "x-openrouter-cache-source-id",
] as const;

const ownName = /^(?:http-referer|x-title|x-openrouter-[a-z-]{1,64})$/;
const ownValue = /^[\x20-\x7e\x80-\xff]{0,1024}$/;
const toldValue = /^[\x20-\x7e]{1,256}$/;

/**
 * The headers that a caller sends to OpenRouter.
 *
 * @throws ProviderFailure `invalid_value` for one that is not among those that it takes, that is too long, or that would
 *   end in the middle: another header could begin there.
 */
export function callersHeaders({ headers }: CompletionRequest): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(headers)) {
    if (!ownName.test(name)) throw invalidRequest("headers: OpenRouter takes no such header");
    if (!ownValue.test(value)) throw invalidRequest(`headers: the value of ${name} is not one of a header`);
  }
  return headers;
}

/** What the head of an answer says that its caller is told. */
export function toldHeaders(headers: Headers): Readonly<Record<string, string>> {
  const found = told.map((name) => [name, headers(name)?.trim() ?? ""] as const);
  return Object.fromEntries(found.filter(([, value]) => toldValue.test(value)));
}
