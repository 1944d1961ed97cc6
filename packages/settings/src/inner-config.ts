import type { InnerService, Listener, LogLevel, Settings, TelemetrySettings } from "./settings.js";

/** What the process of an inner service needs of the settings. */
export interface InnerConfig {
  /** Where it listens for gRPC. */
  readonly grpc: Listener;
  /** Where it listens over HTTP/1.1. */
  readonly web: Listener;
  /** The gRPC target of the provider gateway. */
  readonly providerTarget: string;
  /** The secret between the services. */
  readonly innerToken?: string | undefined;
  readonly logLevel: LogLevel;
  readonly telemetry: TelemetrySettings;
  /** To be logged at start. */
  readonly warnings: readonly string[];
}

/** Picks what the process of an inner service needs. */
export function toInnerConfig(settings: Settings, service: InnerService): InnerConfig {
  const { host, grpcPort, webPort } = settings.inner[service];
  return {
    grpc: { host, port: grpcPort },
    web: { host, port: webPort },
    providerTarget: settings.targets.provider,
    innerToken: settings.innerToken,
    logLevel: settings.logLevel,
    telemetry: settings.telemetry,
    warnings: settings.warnings,
  };
}
