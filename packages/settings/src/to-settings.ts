import { configSettings } from "./config-settings.js";
import type { Environment } from "./environment.js";
import { checkInnerListener } from "./listeners.js";
import { type Mistake, SettingsError } from "./mistakes.js";
import { providerSettings } from "./provider-settings.js";
import type { InnerService, ProcessRole, Settings } from "./settings.js";
import { storageSettings } from "./storage-settings.js";
import { telemetrySettings } from "./telemetry-settings.js";
import { Variables } from "./variables.js";
import { startWarnings } from "./warnings.js";

const innerPorts = {
  provider: { grpcPort: 7001, webPort: 7101 },
  round: { grpcPort: 7002, webPort: 7102 },
  aggregation: { grpcPort: 7003, webPort: 7103 },
  judge: { grpcPort: 7004, webPort: 7104 },
} as const satisfies Record<InnerService, unknown>;

/**
 * Checks everything that settings are read from and fills in the defaults.
 *
 * @param role which process is to be started. It decides whether the listeners are safe, and only the processes that
 * ask upstreams get the providers' keys.
 * @throws {SettingsError} with every mistake at once.
 */
export function toSettings(environment: Environment, role: ProcessRole): Settings {
  const mistakes: Mistake[] = [...environment.mistakes];
  const variables = new Variables(environment.variables, mistakes);
  const config = configSettings(environment.configFile, mistakes);
  const host = variables.host("SYNOD_HOST") ?? "127.0.0.1";
  const webPort = variables.port("SYNOD_PORT");
  const grpcPort = variables.port("SYNOD_GRPC_PORT");
  const innerToken = variables.secret("SYNOD_INNER_TOKEN");
  const inner = (service: InnerService) => ({
    host,
    grpcPort: grpcPort ?? innerPorts[service].grpcPort,
    webPort: webPort ?? innerPorts[service].webPort,
  });
  const target = (service: InnerService) =>
    variables.target(`SYNOD_${service.toUpperCase()}_TARGET`) ?? `127.0.0.1:${innerPorts[service].grpcPort}`;

  const providers = providerSettings(config.providers, variables, role);
  const settings: Settings = {
    http: { host, port: webPort ?? 8080 },
    grpc: { host, port: grpcPort ?? 8081 },
    apiKeys: variables.apiKeys(environment.apiKeysFile),
    corsOrigins: variables.origins("SYNOD_CORS_ORIGINS"),
    storage: storageSettings(variables, config.history, role),
    logLevel: variables.logLevel("SYNOD_LOG_LEVEL") ?? "info",
    targets: {
      provider: target("provider"),
      round: target("round"),
      aggregation: target("aggregation"),
      judge: target("judge"),
    },
    ...(innerToken === undefined ? {} : { innerToken }),
    inner: {
      provider: inner("provider"),
      round: inner("round"),
      aggregation: inner("aggregation"),
      judge: inner("judge"),
    },
    providers,
    presets: config.presets,
    limits: config.limits,
    telemetry: telemetrySettings(variables),
    warnings: [
      ...config.warnings,
      ...startWarnings({
        role,
        environment,
        providers,
        listed: Object.keys(config.providers),
        presets: config.presets,
      }),
    ],
  };
  mistakes.push(...checkInnerListener(settings, role));
  if (mistakes.length > 0) throw new SettingsError(mistakes);
  return settings;
}
