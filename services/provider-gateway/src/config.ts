import type { ProviderSettings, Settings } from "@synod/settings";

/** What the provider gateway needs to ask models. It alone holds keys. */
export interface AskingConfig {
  readonly providers: readonly ProviderSettings[];
  /** How long a provider's list of models is used before it is asked for again, in milliseconds. */
  readonly modelsTtlMs: number;
  /** Whether the lists are read at the start, and not when they are asked for first. */
  readonly modelsAtStart: boolean;
}

/** What the provider gateway's process needs of the settings. */
export interface ProviderGatewayConfig extends AskingConfig {
  readonly grpc: Settings["grpc"];
  readonly web: Settings["http"];
  /** The secret between the services. */
  readonly innerToken?: string | undefined;
  readonly logLevel: Settings["logLevel"];
  readonly telemetry: Settings["telemetry"];
  /** To be logged at start. */
  readonly warnings: readonly string[];
}

/** Picks what the provider gateway's process needs. */
export function toProviderGatewayConfig(settings: Settings): ProviderGatewayConfig {
  const { host, grpcPort, webPort } = settings.inner.provider;
  return {
    providers: settings.providers,
    modelsTtlMs: 300_000,
    modelsAtStart: true,
    grpc: { host, port: grpcPort },
    web: { host, port: webPort },
    innerToken: settings.innerToken,
    logLevel: settings.logLevel,
    telemetry: settings.telemetry,
    warnings: settings.warnings,
  };
}
