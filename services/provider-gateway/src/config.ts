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

/** What the provider gateway needs to ask models. It alone holds keys. */
export interface AskingConfig {
  readonly providers: readonly ProviderSettings[];
  readonly timers: UpstreamTimers;
  /** How long a provider's list of models is used, in milliseconds. */
  readonly modelsTtlMs: number;
}

/** What the provider gateway's process needs of the settings. */
export interface ProviderGatewayConfig extends AskingConfig {
  readonly grpc: Settings["grpc"];
  readonly web: Settings["http"];
  /** The secret between the services. */
  readonly innerToken?: string | undefined;
  readonly logLevel: Settings["logLevel"];
  /** To be logged at start. */
  readonly warnings: readonly string[];
}

/** The timers unless set otherwise. */
export const defaultTimers: UpstreamTimers = {
  connectMs: 5_000,
  firstTokenMs: 20_000,
  idleMs: 30_000,
  totalMs: 120_000,
};

/** Picks what the provider gateway's process needs. */
export function toProviderGatewayConfig(settings: Settings): ProviderGatewayConfig {
  const { host, grpcPort, webPort } = settings.inner.provider;
  return {
    providers: settings.providers,
    timers: defaultTimers,
    modelsTtlMs: 300_000,
    grpc: { host, port: grpcPort },
    web: { host, port: webPort },
    innerToken: settings.innerToken,
    logLevel: settings.logLevel,
    warnings: settings.warnings,
  };
}
