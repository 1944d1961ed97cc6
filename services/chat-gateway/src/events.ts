import type { LimitName } from "@synod/run-store";
import { durationBuckets, type Logger, type Metrics } from "@synod/telemetry";
import type { FinishedRun } from "./runner/run-so-far.js";
import type { RunRequest } from "./runner/runner.js";
import type { UnlistedModel } from "./unlisted-models.js";

/** What became of a run, as its metrics and log lines name it. */
export type RunOutcome = "completed" | "failed" | "cancelled";

/** A request that was answered over HTTP. */
export interface AnsweredRequest {
  readonly requestId: string;
  readonly method: string;
  /** The route's pattern, never the path that was asked. */
  readonly route: string;
  /** 499 when the caller left before its answer was whole. */
  readonly status: number;
  readonly durationMs: number;
  /** `error.code`, when it is an error. */
  readonly code?: string | undefined;
}

/** Names everything that the chat gateway measures and logs. */
export interface ChatEvents {
  /** A run is over. */
  runFinished(run: FinishedRun, request: RunRequest, durationMs: number): void;
  /** A request over HTTP is answered. */
  requestAnswered(request: AnsweredRequest): void;
  /** Something was thrown that no caller is to blame for. */
  defect(error: unknown, requestId: string): void;
  /** A key's limit or budget left no room for a request. */
  limited(limit: LimitName): void;
  /** A request was told the answer to an earlier one, or to one that was going on, found by its key or as sent again. */
  replayed(by: "key" | "retry"): void;
  /** Whether the same request came before could not be looked up. It is carried out. */
  twinsUnknown(error: unknown): void;
  /** The providers are known, and so are the presets. */
  presetsChosen(names: readonly string[]): void;
  /** The provider gateway could not be asked for its providers. It is tried again. */
  providersUnknown(error: unknown): void;
  /** Providers that did not say which models they have. */
  modelsMissing(providerIds: readonly string[]): void;
  /** A configured model is not listed by its provider: asking it is likely to fail. */
  modelUnlisted(model: UnlistedModel): void;
  /** Whether the configured models are listed could not be found out. */
  modelsUnchecked(error: unknown): void;
}

/** Makes the metrics and log lines of the chat gateway. No line holds a prompt, an answer or a key. */
export function createChatEvents(logger: Logger, metrics: Metrics): ChatEvents {
  const runs = metrics.counter("synod_runs_total", "Runs that are over.", ["preset", "outcome"]);
  const runSeconds = metrics.histogram(
    "synod_run_seconds",
    "Duration of runs.",
    ["preset", "outcome"],
    durationBuckets,
  );
  const calls = metrics.counter("synod_run_calls_total", "Upstream calls made for runs.", ["preset"]);
  const cost = metrics.counter("synod_run_cost_usd_total", "What runs cost, where it is known.", ["preset"]);
  const requests = metrics.counter("synod_http_requests_total", "Requests over HTTP.", ["route", "status"]);
  const requestSeconds = metrics.histogram("synod_http_request_seconds", "Duration of requests over HTTP.", [
    "route",
  ]);

  const limited = metrics.counter("synod_limited_total", "Requests for which a key had no room.", ["limit"]);
  const replayed = metrics.counter("synod_replayed_total", "Requests that an earlier answer was told.", [
    "by",
  ]);

  return {
    runFinished({ runId, result, record }, { requestId }, durationMs) {
      const { preset } = record;
      const outcome: RunOutcome = result.status;
      const { costUsdNanos } = record.usage;
      runs.inc({ preset, outcome });
      runSeconds.observe({ preset, outcome }, durationMs / 1_000);
      calls.inc({ preset }, record.calls.made);
      if (costUsdNanos !== null) cost.inc({ preset }, costUsdNanos / 1e9);
      const line = {
        run_id: runId,
        request_id: requestId,
        preset,
        outcome,
        ...(result.status !== "completed" && { code: result.failure.reason }),
        stopped: record.stopped,
        degraded: record.degraded,
        rounds: record.rounds,
        calls: record.calls.made,
        cost_usd: costUsdNanos === null ? null : costUsdNanos / 1e9,
        duration_ms: Math.round(durationMs),
      };
      if (result.status === "failed") logger.warn(line, "run failed");
      else logger.info(line, `run ${result.status}`);
    },
    requestAnswered({ requestId, method, route, status, durationMs, code }) {
      requests.inc({ route, status });
      requestSeconds.observe({ route }, durationMs / 1_000);
      logger.info(
        { request_id: requestId, method, route, status, code, duration_ms: Math.round(durationMs * 10) / 10 },
        "request",
      );
    },
    defect: (error, requestId) => logger.error({ err: error, request_id: requestId }, "unexpected error"),
    limited: (limit) => limited.inc({ limit }),
    replayed: (by) => replayed.inc({ by }),
    twinsUnknown: (error) => logger.warn({ err: error }, "earlier runs could not be looked up"),
    presetsChosen: (names) => logger.info({ presets: names }, "presets chosen"),
    providersUnknown: (error) => logger.warn({ err: error }, "the provider gateway does not answer yet"),
    modelsMissing: (providerIds) =>
      logger.warn({ providers: providerIds }, "models of some providers are missing"),
    modelUnlisted: ({ id, presets, inSettings, closest }) =>
      logger.warn(
        { model: id, presets, in_settings: inSettings, closest },
        "a configured model is not listed by its provider",
      ),
    modelsUnchecked: (error) =>
      logger.warn({ err: error }, "the configured models could not be looked up in the providers' lists"),
  };
}
