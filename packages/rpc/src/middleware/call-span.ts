import type { DescMethod } from "@bufbuild/protobuf";
import { Code, type ConnectError } from "@connectrpc/connect";
import type { Span, Tracer } from "@synod/telemetry";
import type { CallState } from "../context/call-context.js";
import { codeName } from "../errors/code-name.js";
import { failureOf } from "../errors/failure-of.js";

/** What a server is to blame for, by OpenTelemetry's conventions for gRPC. With other codes a call did not fail: its caller erred or left. */
const failures: ReadonlySet<Code> = new Set([
  Code.Unknown,
  Code.DeadlineExceeded,
  Code.Unimplemented,
  Code.Internal,
  Code.Unavailable,
  Code.DataLoss,
]);

/** Begins the span of a call, below the caller's. */
export function startCallSpan(tracer: Tracer, method: DescMethod, parent: CallState): Span {
  const name = `${method.parent.typeName}/${method.name}`;
  return tracer.start(name, {
    kind: "server",
    parent,
    attributes: { "rpc.system.name": "connectrpc", "rpc.method": name },
  });
}

/** Ends the span of a call. `told` is what its caller was told of a failure. */
export function endCallSpan(span: Span, told?: ConnectError): void {
  if (told !== undefined) {
    const { reason } = failureOf(told);
    span.set({ "rpc.status_code": codeName(told.code), "error.type": reason });
    if (failures.has(told.code)) span.fail(reason);
  }
  span.end();
}
