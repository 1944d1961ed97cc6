import type { DescMethod } from "@bufbuild/protobuf";
import { Code, type ConnectError } from "@connectrpc/connect";
import type { Logger } from "@synod/telemetry";
import type { CallState } from "../context/call-context.js";
import { codeName } from "../errors/code-name.js";
import { failureOf } from "../errors/failure-of.js";
import { toConnectError } from "../errors/to-connect-error.js";

/** A call that ended. */
interface EndedCall {
  readonly method: DescMethod;
  /** Unset when the call was refused before it had one. */
  readonly state: CallState | undefined;
  /** From its beginning to its end, in milliseconds. */
  readonly durationMs: number;
  /** What was thrown, and what the caller is told of it. Unset when it ended well. */
  readonly failure?: { readonly thrown: unknown; readonly told: ConnectError };
}

/**
 * Writes one entry per call: at `debug` when it ended well, `info` when the caller left (status 499) or asked wrongly,
 * `warn` when something was not available, `error` with the cause when it is a defect.
 */
export function logCall(logger: Logger, call: EndedCall): void {
  const { failure } = call;
  if (failure === undefined) {
    if (logger.isLevelEnabled("debug")) logger.debug({ ...facts(call), code: "ok" }, "call ended");
    return;
  }
  const { code } = failure.told;
  const entry = { ...facts(call), code: codeName(code), reason: failureOf(failure.told).reason };
  switch (code) {
    case Code.Canceled:
      logger.info({ ...entry, status: 499 }, "call canceled");
      return;
    case Code.Internal:
    case Code.Unknown:
    case Code.DataLoss:
      logger.error({ ...entry, err: failure.thrown }, "call failed");
      return;
    case Code.Unavailable:
    case Code.DeadlineExceeded:
      logger.warn({ ...entry, err: failure.thrown }, "call failed");
      return;
    default:
      logger.info({ ...entry, message: failure.told.rawMessage }, "call refused");
  }
}

/**
 * Writes what a handler threw after its call was over, when nobody waited for it any more. That it stopped because it was
 * told to is no news.
 */
export function logLate(
  logger: Logger,
  method: DescMethod,
  state: CallState | undefined,
  thrown: unknown,
): void {
  const { code } = toConnectError(thrown);
  if (code === Code.Canceled || code === Code.DeadlineExceeded) return;
  const rpc = `${method.parent.typeName}/${method.name}`;
  logger.warn({ rpc, request_id: state?.requestId, err: thrown }, "a handler failed after its call was over");
}

function facts(call: EndedCall) {
  return {
    rpc: `${call.method.parent.typeName}/${call.method.name}`,
    request_id: call.state?.requestId,
    caller: call.state?.caller,
    durationMs: Math.round(call.durationMs * 10) / 10,
  };
}
