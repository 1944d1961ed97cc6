import type { ProviderSettings } from "@synod/settings";
import { openUpstream, type UpstreamClient } from "@synod/upstream-http";
import { Slots } from "../calls/slots.js";
import type { ProviderCodec } from "./codec.js";
import { codecs } from "./registry.js";

/** A configured provider, ready to be asked. */
export interface Provider extends AsyncDisposable {
  readonly id: string;
  /** Whether it has a key, or needs none. */
  readonly available: boolean;
  readonly simulated: boolean;
  readonly codec: ProviderCodec;
  readonly upstream: UpstreamClient;
  readonly slots: Slots;
  /** The path of something below the base URL. `query`, if any, begins with `?`. */
  pathOf(path: string, query?: string): string;
  /** A text in which the key, should it stand there, is hidden. */
  withoutKey(text: string): string;
  /** Headers of every call, the key among them. Never to be logged. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Shorter ones are placeholders for servers that want any key, and parts of ordinary words. */
const shortestKey = 8;

/** The name by which providers know us. */
const userAgent = "synod/0.1";

/** Opens a provider. Nothing is dialled yet. */
export function openProvider(settings: ProviderSettings, connectMs: number): Provider {
  const base = new URL(settings.baseUrl);
  const prefix = base.pathname.replace(/\/+$/, "");
  const upstream = openUpstream({ origin: base, connectMs });
  const [key] = settings.keys;
  return {
    id: settings.id,
    available: key !== undefined || !settings.keyRequired,
    simulated: settings.simulated,
    codec: codecs[settings.kind],
    upstream,
    slots: new Slots(settings.maxConcurrency),
    pathOf: (path, query = "") => prefix + path + query,
    withoutKey: (text) =>
      key === undefined || key.length < shortestKey ? text : text.replaceAll(key, "[hidden]"),
    headers: {
      "user-agent": userAgent,
      "accept-encoding": "identity",
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
    },
    [Symbol.asyncDispose]: () => upstream[Symbol.asyncDispose](),
  };
}
