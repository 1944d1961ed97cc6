import { Code, ConnectError } from "@connectrpc/connect";
import { encodeDetails } from "../errors/details.js";
import { SynodError } from "../errors/synod-error.js";
import { toConnectError } from "../errors/to-connect-error.js";

/** What a caller sees of a thrown error when there is a wire between: no cause, details as bytes, an unknown throw masked. */
export function errorAsOnWire(thrown: unknown): ConnectError {
  if (thrown instanceof SynodError) return toConnectError(thrown);
  if (!(thrown instanceof ConnectError)) return new ConnectError("internal error", Code.Internal);
  const error = new ConnectError(thrown.rawMessage, thrown.code, thrown.metadata);
  error.details = encodeDetails(thrown);
  return error;
}
