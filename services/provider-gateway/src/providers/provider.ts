import type { CallTimeouts, ProviderSettings } from "@synod/settings";
import { openUpstream, type UpstreamClient } from "@synod/upstream-http";
import type { ProviderKey } from "../control/key-ring.js";
import { Lines, modelSettings } from "../control/lines.js";
import { Places } from "../control/places.js";
import { RetryBudget } from "../control/retry-budget.js";
import { WaitingRoom } from "../control/waiting-room.js";
import type { ProviderCodec } from "./codec.js";
import { codecs } from "./registry.js";

/** A configured provider, ready to be asked. */
export interface Provider extends AsyncDisposable {
  readonly id: string;
  readonly settings: ProviderSettings;
  /** Whether it has a key, or needs none. */
  readonly available: boolean;
  readonly simulated: boolean;
  readonly codec: ProviderCodec;
  readonly upstream: UpstreamClient;
  /** Who may be asked with which key. */
  readonly lines: Lines;
  /** Where calls wait, whatever for. */
  readonly room: WaitingRoom;
  readonly budget: RetryBudget;
  /** For calls that run. */
  readonly places: Places;
  /** For calls of one model; undefined where the model has no bound of its own. */
  placesOf(model: string): Places | undefined;
  timeoutsOf(model: string): CallTimeouts;
  /** The path of something below the base URL. `query`, if any, begins with `?`. */
  pathOf(path: string, query?: string): string;
  /** A text in which the keys, should they stand there, are hidden. */
  withoutKeys(text: string): string;
  /** Headers of every call, the key among them. Never to be logged. */
  headersOf(key: ProviderKey): Readonly<Record<string, string>>;
  /** Fires when the provider is closed. */
  readonly closing: AbortSignal;
}

/** Shorter ones are placeholders for servers that want any key, and parts of ordinary words. */
const shortestKey = 8;

/** The name by which providers know us. */
const userAgent = "synod/0.1";

/**
 * Opens a provider. Nothing is dialled yet.
 *
 * @param random at least 0, below 1.
 */
export function openProvider(settings: ProviderSettings, random = Math.random): Provider {
  const base = new URL(settings.baseUrl);
  const prefix = base.pathname.replace(/\/+$/, "");
  const upstream = openUpstream({ origin: base, connectMs: settings.connectTimeoutMs });
  const now = (): number => performance.now();
  const lines = new Lines({ settings, now, random });
  const { id } = settings;
  const placesFor = (most: number | undefined, what: string): Places =>
    new Places({ ...(most !== undefined && { most }), now, what });
  const modelPlaces = new Map(
    Object.entries(settings.models)
      .filter(([, { maxConcurrency }]) => maxConcurrency !== undefined)
      .map(([model, { maxConcurrency }]) => [model, placesFor(maxConcurrency, `${id}/${model}`)]),
  );
  const closing = new AbortController();
  const secrets = settings.keys.filter((key) => key.length >= shortestKey);
  return {
    id,
    settings,
    available: settings.keys.length > 0 || !settings.keyRequired,
    simulated: settings.simulated,
    codec: codecs[settings.kind],
    upstream,
    lines,
    room: new WaitingRoom({ seats: settings.maxQueue, what: id }),
    budget: new RetryBudget(),
    places: placesFor(settings.limits.maxConcurrency, id),
    placesOf: (model) => modelPlaces.get(model),
    timeoutsOf: (model) => ({ ...settings.timeouts, ...modelSettings(settings, model).timeouts }),
    pathOf: (path, query = "") => prefix + path + query,
    withoutKeys: (text) => secrets.reduce((clean, secret) => clean.replaceAll(secret, "[hidden]"), text),
    headersOf: ({ secret }) => ({
      "user-agent": userAgent,
      "accept-encoding": "identity",
      ...(secret !== undefined && { authorization: `Bearer ${secret}` }),
    }),
    closing: closing.signal,
    async [Symbol.asyncDispose]() {
      closing.abort();
      await upstream[Symbol.asyncDispose]();
    },
  };
}
