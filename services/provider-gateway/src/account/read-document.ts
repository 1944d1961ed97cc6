import { openBody } from "@synod/upstream-http";
import { isCallError, toCallError } from "../calls/io-failure.js";
import type { ProviderKey } from "../control/key-ring.js";
import { parseJson } from "../providers/openai-dialect/json.js";
import type { Provider } from "../providers/provider.js";
import { invalidResponse, ProviderFailure } from "../providers/provider-error.js";

/** What is read costs nothing, so that a slow provider is left sooner than one that writes an answer. */
const timers = { firstTokenMs: 10_000, idleMs: 10_000, totalMs: 15_000 };
/** In characters. OpenRouter's whole list of models is about a megabyte. */
const longestDocument = 16 * 1024 * 1024;

/** A document to be read. */
export interface DocumentRequest<T> {
  /** For messages. Example: `list of models`. */
  readonly what: string;
  /** Below the provider's base URL, with its query. */
  readonly path: string;
  readonly key: ProviderKey;
  readonly signal: AbortSignal;
  /** Null when it is no such document. */
  readonly decode: (json: unknown) => T | null;
}

/**
 * Reads a JSON document of a provider that costs nothing, with one upstream call.
 *
 * @throws ProviderFailure whose message names the provider and holds no key.
 */
export async function readDocument<T>(provider: Provider, request: DocumentRequest<T>): Promise<T> {
  try {
    return await read(provider, request);
  } catch (thrown) {
    if (!isCallError(thrown)) throw thrown;
    // Without the cause: its message may hold the key.
    const error = toCallError(thrown);
    throw new ProviderFailure({
      ...error,
      message: `${provider.id}: ${provider.withoutKeys(error.message)}`,
    });
  }
}

async function read<T>(
  provider: Provider,
  { what, path, key, signal, decode }: DocumentRequest<T>,
): Promise<T> {
  const { codec, upstream } = provider;
  const response = await upstream.request({
    method: "GET",
    path: provider.pathOf(path),
    headers: { ...provider.headersOf(key), accept: "application/json" },
    signal,
    timers,
  });
  try {
    const body = await openBody(response, { maxLineLength: longestDocument });
    const text = body.kind === "document" ? body.text : "";
    if (response.status !== 200) {
      throw new ProviderFailure(codec.decodeError(response.status, (name) => response.header(name), text));
    }
    const document = decode(parseJson(text));
    if (document === null) throw new ProviderFailure(invalidResponse(`the ${what} cannot be read`));
    return document;
  } finally {
    response.finish();
  }
}
