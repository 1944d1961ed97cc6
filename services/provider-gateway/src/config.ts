import type { ProviderSettings, Settings } from "@synod/settings";

/** How long upstream calls may take, in milliseconds. */
export interface UpstreamTimers {
  /** To connect. */
  readonly connectMs: number;
  /** From the request to the first token; comments are none. */
  readonly firstTokenMs: number;
  /** Between two arrivals of bytes, after the first token. */
  readonly idleMs: number;
  /** From the first attempt to the last byte, unless a request says otherwise. */
  readonly totalMs: number;
}

/** What the provider gateway needs to know. It alone holds keys. */
export interface ProviderGatewayConfig {
  readonly providers: readonly ProviderSettings[];
  readonly timers: UpstreamTimers;
  /** How long a provider's list of models is used, in milliseconds. */
  readonly modelsTtlMs: number;
}

/** The timers unless set otherwise. */
export const defaultTimers: UpstreamTimers = {
  connectMs: 5_000,
  firstTokenMs: 20_000,
  idleMs: 30_000,
  totalMs: 120_000,
};

/** The provider gateway's part of the settings. */
export function toProviderGatewayConfig(settings: Settings): ProviderGatewayConfig {
  return { providers: settings.providers, timers: defaultTimers, modelsTtlMs: 300_000 };
}
