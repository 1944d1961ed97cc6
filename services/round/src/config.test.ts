import { toSettings } from "@synod/settings";
import { expect, test } from "vitest";
import { toRoundConfig } from "./config.js";

test("the defaults bind loopback and find the provider gateway there", () => {
  expect(toRoundConfig(toSettings({ variables: {}, mistakes: [] }, "round"))).toEqual({
    grpc: { host: "127.0.0.1", port: 7002 },
    web: { host: "127.0.0.1", port: 7102 },
    providerTarget: "127.0.0.1:7001",
    innerToken: undefined,
    logLevel: "info",
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
  };
  expect(toRoundConfig(toSettings({ variables, mistakes: [] }, "round"))).toEqual({
    grpc: { host: "0.0.0.0", port: 9001 },
    web: { host: "0.0.0.0", port: 9002 },
    providerTarget: "dns:///provider:7001",
    innerToken: "a-secret-of-some-length",
    logLevel: "warn",
    warnings: [],
  });
});
