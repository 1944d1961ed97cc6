import type { Settings } from "@synod/settings";

/** What the aggregation service's process needs of the settings. */
export interface AggregationConfig {
  readonly grpc: Settings["grpc"];
  readonly web: Settings["http"];
  /** The gRPC target of the provider gateway. */
  readonly providerTarget: string;
  /** The secret between the services. */
  readonly innerToken?: string | undefined;
  readonly logLevel: Settings["logLevel"];
  /** To be logged at start. */
  readonly warnings: readonly string[];
}

/** Picks what the aggregation service's process needs. */
export function toAggregationConfig(settings: Settings): AggregationConfig {
  const { host, grpcPort, webPort } = settings.inner.aggregation;
  return {
    grpc: { host, port: grpcPort },
    web: { host, port: webPort },
    providerTarget: settings.targets.provider,
    innerToken: settings.innerToken,
    logLevel: settings.logLevel,
    warnings: settings.warnings,
  };
}
