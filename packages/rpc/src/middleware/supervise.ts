import type { ConnectError, Interceptor } from "@connectrpc/connect";
import type { Logger, Metrics, Span, Tracer } from "@synod/telemetry";
import { type CallState, callStateKey } from "../context/call-context.js";
import { Guard, guardKey } from "../context/guard.js";
import { contextHeaders, readTimeoutMs } from "../context/headers.js";
import { codeName } from "../errors/code-name.js";
import { SynodError } from "../errors/synod-error.js";
import { toConnectError } from "../errors/to-connect-error.js";
import { readState } from "./admit.js";
import { logCall, logLate } from "./call-log.js";
import { endCallSpan, startCallSpan } from "./call-span.js";
import { createCallMetrics } from "./events.js";
import { createInnerTokenCheck } from "./inner-token.js";
import { SupervisedStream } from "./supervised-stream.js";

type AnyFn = Parameters<Interceptor>[0];
type AnyRequest = Parameters<AnyFn>[0];
type AnyResponse = Awaited<ReturnType<AnyFn>>;

/** What the middleware needs, defaults filled. */
interface SuperviseOptions {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracer: Tracer;
  readonly innerToken: string | undefined;
  readonly trustsCaller: boolean;
  readonly defaultTimeoutMs: number;
  readonly maxTimeoutMs: number;
  readonly maxInFlight: number;
}

/**
 * The middleware round every handler: limit, deadline, secret, context, trace, request id in the answer, error mapping,
 * log and metrics. One interceptor for all, since what each adds to a stream would be paid per message.
 */
export function supervise(options: SuperviseOptions): Interceptor {
  const { logger, tracer } = options;
  const count = createCallMetrics(options.metrics);
  const checkToken = createInnerTokenCheck(options.innerToken);
  let inFlight = 0;

  async function call(next: AnyFn, req: AnyRequest): Promise<AnyResponse> {
    const startedMs = performance.now();
    const countEnd = count(req.method);
    let state: CallState | undefined;
    let span: Span | undefined;
    let over = false;
    inFlight += 1;

    function settle(thrown?: unknown): void {
      if (over) return;
      over = true;
      inFlight -= 1;
      const ended = { method: req.method, state, durationMs: performance.now() - startedMs };
      if (thrown === undefined) {
        countEnd("ok");
        logCall(logger, ended);
        if (span !== undefined) endCallSpan(span);
        return;
      }
      const told = tell(thrown);
      countEnd(codeName(told.code));
      logCall(logger, { ...ended, failure: { thrown, told } });
      if (span !== undefined) endCallSpan(span, told);
    }
    function tell(thrown: unknown): ConnectError {
      const error = toConnectError(thrown);
      if (state !== undefined) error.metadata.set(contextHeaders.requestId, state.requestId);
      return error;
    }
    const late = (thrown: unknown) => logLate(logger, req.method, state, thrown);

    let stream: SupervisedStream | undefined;
    const timeoutMs = Math.min(readTimeoutMs(req.header) ?? options.defaultTimeoutMs, options.maxTimeoutMs);
    const onFailure = (failure: SynodError): void => stream?.leave(failure);
    const guard =
      req.contextValues.get(guardKey)?.adopt(timeoutMs, onFailure) ??
      new Guard(req.signal, timeoutMs, onFailure);
    try {
      if (inFlight > options.maxInFlight) throw overloaded();
      checkToken(req.header);
      state = readState(req.header, guard.deadlineMs, options.trustsCaller);
      if (tracer.enabled) {
        span = startCallSpan(tracer, req.method, state);
        state = { ...state, ...span.context };
      }
      if (guard.failure !== undefined) throw guard.failure;
      req.contextValues.set(callStateKey, state);
      const response = await guard.race(next({ ...req, signal: guard.signal } as AnyRequest), late);
      response.header.set(contextHeaders.requestId, state.requestId);
      if (response.stream) {
        stream = new SupervisedStream(response.message, guard, { settle, tell, late });
        return { ...response, message: stream };
      }
      guard.end();
      settle();
      return response;
    } catch (thrown) {
      guard.end();
      settle(thrown);
      throw tell(thrown);
    }
  }

  return (next) => (req) => call(next, req);
}

function overloaded(): SynodError {
  return new SynodError({
    reason: "overloaded",
    message: "too many calls at once: ask again later",
    retryAfterMs: 1_000,
  });
}
