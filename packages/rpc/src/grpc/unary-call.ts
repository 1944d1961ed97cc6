import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { Code, ConnectError, type UnaryRequest, type UnaryResponse } from "@connectrpc/connect";
import type { Client } from "@grpc/grpc-js";
import { toHeaders, toMetadata } from "./metadata.js";
import type { GrpcMethod, OpenCalls } from "./method.js";
import { statusError, toCode } from "./status.js";

/**
 * Makes one unary call on a channel. While it goes on, the call is in `open`.
 *
 * The channel repeats calls by their policy only until headers have come. A call of a repeatable method that breaks after them is
 * made once more: of a unary call nobody has seen anything by then.
 */
export function callUnary<I extends DescMessage, O extends DescMessage>(
  client: Client,
  method: GrpcMethod<I, O>,
  req: UnaryRequest<I, O>,
  open: OpenCalls,
): Promise<UnaryResponse<I, O>> {
  return new Promise((resolve, reject) => {
    let header: Headers | undefined;
    let message: MessageShape<O> | undefined;
    const call = client.makeUnaryRequest(
      method.path,
      method.serialize,
      method.deserialize,
      req.message,
      toMetadata(req.header),
      (_, value) => {
        message = value;
      },
    );
    open.add(call);
    const cancel = () => call.cancel();
    req.signal.addEventListener("abort", cancel);
    call.on("metadata", (metadata) => {
      header = toHeaders(metadata);
    });
    call.on("status", (status) => {
      open.delete(call);
      // The signal also fires after a normal end.
      req.signal.removeEventListener("abort", cancel);
      const trailer = toHeaders(status.metadata);
      if (
        toCode(status.code) === Code.Unavailable &&
        method.repeatable &&
        header !== undefined &&
        !req.signal.aborted
      ) {
        resolve(callUnary(client, { ...method, repeatable: false }, req, open));
        return;
      }
      header ??= new Headers();
      if (status.code !== 0) reject(statusError(status, header, trailer));
      else if (message === undefined) reject(new ConnectError("no response message", Code.Unimplemented));
      else resolve({ stream: false, service: req.service, method: req.method, header, trailer, message });
    });
  });
}
