import { Health } from "@synod/contracts/health";
import { type Interceptor, toConnectError } from "@synod/rpc";
import { type KeyCheck, keyNeeded } from "../api-keys.js";

/** Refuses calls without a known key, whatever they are for. Health stays open: probes have no key. */
export function requireKey(mayCall: KeyCheck): Interceptor {
  return (next) => async (request) => {
    const isOpen = request.service.typeName === Health.typeName;
    // It stands outside the middleware that translates errors.
    if (!isOpen && !mayCall(request.header.get("authorization"))) throw toConnectError(keyNeeded());
    return await next(request);
  };
}
