import { Health } from "@synod/contracts/health";
import {
  type Admission,
  type ArrivedCall,
  createContextKey,
  type HandlerContext,
  type Interceptor,
  toConnectError,
} from "@synod/rpc";
import { anyone, type Caller, type CallerCheck } from "../caller.js";

const callerKey = createContextKey<Caller | undefined>(undefined, { description: "who calls" });

/** Lets nobody in who is not known, whatever a call is for. Health stays open: probes have no key. */
export function admitCaller(check: CallerCheck): Admission {
  return async ({ method, headers, values }) => {
    if (isForAll(method)) return;
    values.set(callerKey, await check(headers.authorization));
  };
}

/** The same for calls that nobody has looked at yet. */
export function knowCaller(check: CallerCheck): Interceptor {
  return (next) => async (request) => {
    const { contextValues: values } = request;
    if (values.get(callerKey) === undefined && !isForAll(request.method)) {
      try {
        values.set(callerKey, await check(request.header.get("authorization")));
      } catch (error) {
        throw toConnectError(error); // it stands outside the middleware that translates errors
      }
    }
    return await next(request);
  };
}

const isForAll = ({ parent }: ArrivedCall["method"]): boolean => parent.typeName === Health.typeName;

/** Who makes a call. */
export function callerOf({ values }: Pick<HandlerContext, "values">): Caller {
  return values.get(callerKey) ?? anyone;
}
