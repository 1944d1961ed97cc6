import type { IncomingHttpHeaders } from "node:http";
import type { DescMethod } from "@bufbuild/protobuf";
import type { ContextValues } from "@connectrpc/connect";

/** A call of which only the head was read. */
export interface ArrivedCall {
  readonly method: DescMethod;
  readonly headers: IncomingHttpHeaders;
  /** What interceptors and handlers of the call see: whoever is let in may be noted here. */
  readonly values: ContextValues;
}

/**
 * Says whether a call with a single message is let in, before any of its body is read or counted. Calls that stream to the
 * server are left to the interceptors.
 *
 * @throws SynodError why it is not: that is its answer.
 */
export type Admission = (call: ArrivedCall) => Promise<void>;
