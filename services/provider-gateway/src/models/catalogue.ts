import { setMaxListeners } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { withoutRouting } from "@synod/settings";
import type { Logger } from "@synod/telemetry";
import { readDocument } from "../account/read-document.js";
import { withAnyKey } from "../account/with-any-key.js";
import { toCallError } from "../calls/io-failure.js";
import { fullJitterMs } from "../control/backoff.js";
import type { ProviderKey } from "../control/key-ring.js";
import type { ListedModel } from "../providers/codec.js";
import type { Provider } from "../providers/provider.js";
import type { ProviderError } from "../providers/provider-error.js";

/** What a provider offers, as far as it is known. */
export interface ModelList {
  /** In the provider's own order. */
  readonly models: readonly ListedModel[];
  /** Whether the provider did not answer the last time; the models are then those of the time before. */
  readonly failed: boolean;
}

/** What reading lists needs. */
export interface CatalogueOptions {
  /** How long a list is used before it is read again, in milliseconds. */
  readonly ttlMs: number;
  /** How long a provider that failed is left alone at least, in milliseconds. Default: 5,000. */
  readonly failedTtlMs?: number;
  readonly logger: Logger;
  /** A monotonic clock, in milliseconds. `performance.now` when unset. */
  readonly now?: () => number;
  /** At least 0, below 1. `Math.random` when unset. */
  readonly random?: () => number;
}

interface Entry {
  readonly list: ModelList;
  readonly byId: ReadonlyMap<string, ListedModel>;
  readonly freshUntil: number;
  /** How often it could not be read since it last could. */
  readonly failures: number;
}

const mostPages = 20;
const mostModels = 20_000;

/**
 * The providers' lists of models, each read by one at a time and kept. A list that has aged is still used while it is
 * read again, and when the provider is down. It is read again when it is needed, never by a timer.
 */
export class Catalogue implements Disposable {
  readonly #ttlMs: number;
  readonly #failedTtlMs: number;
  readonly #logger: Logger;
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #entries = new Map<Provider, Entry>();
  readonly #running = new Map<Provider, Promise<Entry>>();
  readonly #stop = new AbortController();

  constructor(options: CatalogueOptions) {
    this.#ttlMs = options.ttlMs;
    this.#failedTtlMs = options.failedTtlMs ?? 5_000;
    this.#logger = options.logger;
    this.#now = options.now ?? (() => performance.now());
    this.#random = options.random ?? Math.random;
    // One listener for each provider that is read at the time, which is no leak.
    setMaxListeners(0, this.#stop.signal);
  }

  /**
   * A provider's list: what is known, else what it says now. Callers who wait for it share one upstream call, so none of
   * them can cancel it.
   */
  async of(provider: Provider): Promise<ModelList> {
    const known = this.#entries.get(provider);
    if (known === undefined) return (await this.#refreshed(provider)).list;
    if (this.#now() < known.freshUntil) return known.list;
    const refreshed = this.#refreshed(provider);
    return known.list.models.length > 0 ? known.list : (await refreshed).list;
  }

  /** Waits until a provider has answered once, or failed to; for `waitMs` at most. */
  async heardOf(provider: Provider, waitMs: number): Promise<void> {
    if (this.#entries.has(provider)) return;
    await Promise.race([this.#refreshed(provider), pause(waitMs, undefined, { ref: false })]);
  }

  /** What is known of a model now. A list that has aged is read again meanwhile; one that nobody asked for is not. */
  peek(provider: Provider, model: string): ListedModel | undefined {
    const known = this.#entries.get(provider);
    if (known === undefined) return undefined;
    if (this.#now() >= known.freshUntil) void this.#refreshed(provider);
    const listed = known.byId.get(model);
    if (listed !== undefined || provider.codec.kind !== "openrouter") return listed;
    return known.byId.get(withoutRouting(model));
  }

  /** Ends the calls that are going on. */
  [Symbol.dispose](): void {
    this.#stop.abort();
  }

  #refreshed(provider: Provider): Promise<Entry> {
    const running = this.#running.get(provider) ?? this.#refresh(provider);
    this.#running.set(provider, running);
    return running;
  }

  async #refresh(provider: Provider): Promise<Entry> {
    const entry = await this.#read(provider);
    this.#entries.set(provider, entry);
    this.#running.delete(provider);
    return entry;
  }

  async #read(provider: Provider): Promise<Entry> {
    try {
      const models = await withAnyKey(
        provider,
        (key) => readPages(provider, key, this.#stop.signal),
        (key, error) => this.#noteRefusal(provider, key, error),
      );
      const byId = new Map(models.map((model) => [model.id, model]));
      const freshUntil = this.#now() + this.#ttlMs;
      return { list: { models, failed: false }, byId, freshUntil, failures: 0 };
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#noteFailure(provider, error);
      const before = this.#entries.get(provider);
      const failures = before?.failures ?? 0;
      // Processes that lost the same provider together do not come back to it together.
      const waitMs = this.#failedTtlMs + fullJitterMs(failures, this.#random);
      return {
        list: { models: before?.list.models ?? [], failed: true },
        byId: before?.byId ?? new Map(),
        freshUntil: this.#now() + waitMs,
        failures: failures + 1,
      };
    }
  }

  #noteRefusal({ id: provider }: Provider, { index: key }: ProviderKey, error: ProviderError): void {
    const { reason, httpStatus: status } = error;
    this.#logger.warn({ provider, key, reason, status }, "a key was refused for the list of models");
  }

  #noteFailure(provider: Provider, error: unknown): void {
    const { reason, httpStatus } = toCallError(error);
    const cause = reason === "internal" ? error : undefined;
    this.#logger.warn({ provider: provider.id, reason, status: httpStatus, err: cause }, "no list of models");
  }
}

async function readPages(
  provider: Provider,
  key: ProviderKey,
  signal: AbortSignal,
): Promise<readonly ListedModel[]> {
  const models = new Map<string, ListedModel>();
  for (let page = 0; page < mostPages; page++) {
    const before = models.size;
    const read = await readDocument(provider, {
      what: "list of models",
      // The next page's address is made here, not taken from the answer: an upstream does not say where we connect.
      path: before === 0 ? "/models" : `/models?offset=${before}`,
      key,
      signal,
      decode: (json) => provider.codec.decodeModels(json),
    });
    for (const model of read.models) {
      if (!models.has(model.id) && models.size < mostModels) models.set(model.id, model);
    }
    if (!read.more || models.size === before) break;
  }
  return [...models.values()];
}
