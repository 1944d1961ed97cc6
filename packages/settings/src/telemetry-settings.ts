import type { TelemetrySettings } from "./settings.js";
import type { UrlAdvice, Variables } from "./variables.js";

const endpointName = "OTEL_EXPORTER_OTLP_ENDPOINT";
const headersName = "OTEL_EXPORTER_OTLP_HEADERS";
const advice: UrlAdvice = { example: "http://127.0.0.1:4318", keyPlace: headersName };

/** Reads where traces go, by OpenTelemetry's own names. */
export function telemetrySettings(variables: Variables): TelemetrySettings {
  const text = variables.text(endpointName);
  const where = { source: "", path: endpointName };
  const endpoint = text === undefined ? undefined : variables.baseUrl(text, where, advice);
  return {
    ...(endpoint !== undefined && { otlpEndpoint: endpoint }),
    otlpHeaders: variables.headers(headersName),
  };
}
