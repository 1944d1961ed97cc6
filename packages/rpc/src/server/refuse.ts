import { createContextKey, type Interceptor } from "@connectrpc/connect";
import { SynodError } from "../errors/synod-error.js";
import { toConnectError } from "../errors/to-connect-error.js";

/** Marks a call that came when the server was stopping. */
export const refusedKey = createContextKey(false, { description: "refused" });

/** Turns marked calls away, in the words of their own protocol. */
export const refuseWhenMarked: Interceptor = (next) => (req) => {
  if (req.contextValues.get(refusedKey)) throw toConnectError(serverStopping());
  return next(req);
};

/** What is told to calls that come too late, or last too long, when the server stops. */
export function serverStopping(): SynodError {
  return new SynodError({
    reason: "overloaded",
    message: "the service is stopping: ask again",
    retryAfterMs: 1_000,
  });
}
