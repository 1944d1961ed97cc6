import { Health } from "@synod/contracts/health";
import type { Interceptor } from "@synod/rpc";
import { type KeyCheck, keyNeeded } from "../api-keys.js";

/** Refuses calls without a known key, whatever they are for. Health stays open: probes have no key. */
export function requireKey(mayCall: KeyCheck): Interceptor {
  return (next) => async (request) => {
    const isOpen = request.service.typeName === Health.typeName;
    if (!isOpen && !mayCall(request.header.get("authorization"))) throw keyNeeded();
    return await next(request);
  };
}
