import type { Interceptor } from "@connectrpc/connect";
import { writeContext } from "./call-context.js";
import { innerTokenHeader } from "./headers.js";

/** The client interceptor that sends a call's context, and the secret between the services when there is one. */
export function forwardContext(token?: string): Interceptor {
  return (next) => (req) => {
    writeContext(req.contextValues, req.header);
    if (token !== undefined) req.header.set(innerTokenHeader, token);
    return next(req);
  };
}
