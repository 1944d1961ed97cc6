import type { Logger } from "@synod/telemetry";
import { openBody } from "@synod/upstream-http";
import { toCallError } from "../calls/io-failure.js";
import type { ListedModel } from "../providers/codec.js";
import { parseJson } from "../providers/openai-dialect/json.js";
import type { Provider } from "../providers/provider.js";
import { invalidResponse, ProviderFailure } from "../providers/provider-error.js";

/** What a provider offers, as far as it is known. */
export interface ModelList {
  /** In the provider's own order. */
  readonly models: readonly ListedModel[];
  /** Whether the provider did not answer the last time; the models are then those of the time before. */
  readonly failed: boolean;
}

/** What reading lists needs. */
export interface ModelListOptions {
  /** How long a list is used, in milliseconds. */
  readonly ttlMs: number;
  /** How long a provider that failed is not asked again, in milliseconds. Default: 5,000. */
  readonly failedTtlMs?: number;
  readonly logger: Logger;
}

interface Entry {
  readonly list: ModelList;
  /** On the clock of `performance.now()`. */
  readonly freshUntil: number;
}

const timers = { firstTokenMs: 10_000, idleMs: 10_000, totalMs: 15_000 };
/** OpenRouter's whole list is about a megabyte. */
const maxListLength = 16 * 1024 * 1024;
const mostPages = 20;

/** The providers' lists of models, each asked for once at a time and kept for a while. */
export class ModelLists implements Disposable {
  readonly #options: ModelListOptions;
  readonly #entries = new Map<Provider, Entry>();
  readonly #running = new Map<Provider, Promise<ModelList>>();
  readonly #stop = new AbortController();

  constructor(options: ModelListOptions) {
    this.#options = options;
  }

  /** A provider's list. Callers who ask at the same time share one upstream call, so none of them can cancel it. */
  of(provider: Provider): Promise<ModelList> {
    const known = this.#entries.get(provider);
    if (known !== undefined && performance.now() < known.freshUntil) return Promise.resolve(known.list);
    const running = this.#running.get(provider) ?? this.#refresh(provider);
    this.#running.set(provider, running);
    return running;
  }

  /** Ends the calls that are going on. */
  [Symbol.dispose](): void {
    this.#stop.abort();
  }

  async #refresh(provider: Provider): Promise<ModelList> {
    const list = await this.#read(provider);
    const { ttlMs, failedTtlMs = 5_000 } = this.#options;
    const freshUntil = performance.now() + (list.failed ? failedTtlMs : ttlMs);
    this.#entries.set(provider, { list, freshUntil });
    this.#running.delete(provider);
    return list;
  }

  async #read(provider: Provider): Promise<ModelList> {
    try {
      return { models: await readPages(provider, this.#stop.signal), failed: false };
    } catch (error) {
      const { reason, httpStatus } = toCallError(error);
      const cause = reason === "internal" ? error : undefined;
      this.#options.logger.warn(
        { provider: provider.id, reason, status: httpStatus, err: cause },
        "no list of models",
      );
      return { models: this.#entries.get(provider)?.list.models ?? [], failed: true };
    }
  }
}

async function readPages(provider: Provider, signal: AbortSignal): Promise<readonly ListedModel[]> {
  const models = new Map<string, ListedModel>();
  for (let page = 0; page < mostPages; page++) {
    const before = models.size;
    // The next page's address is made here, not taken from the answer: an upstream does not say where we connect.
    const query = before === 0 ? "" : `?offset=${before}`;
    const read = await readPage(provider, query, signal);
    for (const model of read.models) if (!models.has(model.id)) models.set(model.id, model);
    if (!read.more || models.size === before) break;
  }
  return [...models.values()];
}

async function readPage(provider: Provider, query: string, signal: AbortSignal) {
  const { codec, upstream, headers } = provider;
  const response = await upstream.request({
    method: "GET",
    path: provider.pathOf("/models", query),
    headers: { ...headers, accept: "application/json" },
    signal,
    timers,
  });
  try {
    const body = await openBody(response, { maxLineLength: maxListLength });
    const text = body.kind === "document" ? body.text : "";
    if (response.status !== 200) {
      throw new ProviderFailure(codec.decodeError(response.status, (name) => response.header(name), text));
    }
    const page = codec.decodeModels(parseJson(text));
    if (page === null)
      throw new ProviderFailure(invalidResponse("the provider's list of models cannot be read"));
    return page;
  } finally {
    response.finish();
  }
}
