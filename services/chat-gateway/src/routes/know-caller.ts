import { Health } from "@synod/contracts/health";
import { createContextKey, type HandlerContext, type Interceptor, toConnectError } from "@synod/rpc";
import { anyone, type Caller, type CallerCheck } from "../caller.js";

const callerKey = createContextKey<Caller>(anyone, { description: "who calls" });

/** Refuses calls of nobody who is known, whatever they are for. Health stays open: probes have no key. */
export function knowCaller(check: CallerCheck): Interceptor {
  return (next) => async (request) => {
    if (request.service.typeName !== Health.typeName) {
      try {
        request.contextValues.set(callerKey, await check(request.header.get("authorization")));
      } catch (error) {
        throw toConnectError(error); // it stands outside the middleware that translates errors
      }
    }
    return await next(request);
  };
}

/** Who makes a call. */
export function callerOf({ values }: Pick<HandlerContext, "values">): Caller {
  return values.get(callerKey);
}
