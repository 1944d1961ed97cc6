import { expect, test } from "vitest";
import { toInnerConfig } from "./inner-config.js";
import { toSettings } from "./to-settings.js";

test.each([
  ["provider", 7001, 7101],
  ["round", 7002, 7102],
  ["aggregation", 7003, 7103],
  ["judge", 7004, 7104],
] as const)("%s binds loopback by default and finds the provider gateway there", (service, grpc, web) => {
  expect(toInnerConfig(toSettings({ variables: {}, mistakes: [] }, service), service)).toEqual({
    grpc: { host: "127.0.0.1", port: grpc },
    web: { host: "127.0.0.1", port: web },
    providerTarget: "127.0.0.1:7001",
    innerToken: undefined,
    logLevel: "info",
    telemetry: { otlpHeaders: {} },
    warnings: [],
  });
});

test("a target, a secret and listeners are taken from the environment", () => {
  const variables = {
    SYNOD_HOST: "0.0.0.0",
    SYNOD_GRPC_PORT: "9001",
    SYNOD_PORT: "9002",
    SYNOD_PROVIDER_TARGET: "dns:///provider:7001",
    SYNOD_INNER_TOKEN: "a-secret-of-some-length",
    SYNOD_LOG_LEVEL: "warn",
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318",
  };
  expect(toInnerConfig(toSettings({ variables, mistakes: [] }, "round"), "round")).toEqual({
    grpc: { host: "0.0.0.0", port: 9001 },
    web: { host: "0.0.0.0", port: 9002 },
    providerTarget: "dns:///provider:7001",
    innerToken: "a-secret-of-some-length",
    logLevel: "warn",
    telemetry: { otlpEndpoint: "http://collector:4318", otlpHeaders: {} },
    warnings: [],
  });
});
