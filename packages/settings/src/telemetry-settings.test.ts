import { expect, test } from "vitest";
import type { Mistake } from "./mistakes.js";
import { telemetrySettings } from "./telemetry-settings.js";
import { toSettings } from "./to-settings.js";
import { Variables } from "./variables.js";

function read(endpoint: string | undefined, headers?: string) {
  const mistakes: Mistake[] = [];
  const variables = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_HEADERS: headers };
  const settings = telemetrySettings(new Variables(variables, mistakes));
  return { settings, mistakes: mistakes.map(({ path, message }) => `${path}: ${message}`) };
}

test("no traces unless an endpoint is set", () => {
  for (const nothing of [undefined, "", " "]) {
    expect(read(nothing)).toEqual({ settings: { otlpHeaders: {} }, mistakes: [] });
  }
});

test("an endpoint and its headers", () => {
  const headers = "Authorization=Bearer%20a%2Cb==, x-team = eval ,,";
  expect(read("https://collector.example/otlp/", headers)).toEqual({
    settings: {
      otlpEndpoint: "https://collector.example/otlp",
      otlpHeaders: { Authorization: "Bearer a,b==", "x-team": "eval" },
    },
    mistakes: [],
  });
});

test.each(["all-in-one", "chat", "provider", "round", "aggregation", "judge"] as const)(
  "%s knows where traces go, and is not warned",
  (role) => {
    const variables = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318" };
    const { telemetry, warnings } = toSettings({ variables, mistakes: [] }, role);
    expect(telemetry).toEqual({ otlpEndpoint: "http://127.0.0.1:4318", otlpHeaders: {} });
    expect(warnings).toEqual([]);
  },
);

test.each([
  ["collector:4318", '"collector:" is not a scheme of HTTP. Use http:// or https://.'],
  ["nonsense", "is not a URL. Use one such as http://127.0.0.1:4318."],
  [
    "http://user:CANARY@collector:4318",
    "holds a user name or a password. Put the key into OTEL_EXPORTER_OTLP_HEADERS, not into the URL.",
  ],
  ["http://collector:4318?key=CANARY", "holds a query or a fragment. Use the part before them."],
])("an endpoint that cannot be used: %s", (endpoint, why) => {
  expect(read(endpoint).mistakes).toEqual([`OTEL_EXPORTER_OTLP_ENDPOINT: ${why}`]);
});

test.each([
  "CANARY",
  "x-key=",
  "two words=CANARY",
  "=CANARY",
  "x-key=CANARY%",
  "x-key=CANARY%0A",
  "x-key=CANÄRY",
])("a header that cannot be used is not shown: %s", (header) => {
  expect(read(undefined, `x-team=eval,${header}`).mistakes).toEqual([
    "OTEL_EXPORTER_OTLP_HEADERS: item 2 is not a header. " +
      "Write name=value,name=value, with %2C for a comma and %25 for a percent sign in a value.",
  ]);
});
