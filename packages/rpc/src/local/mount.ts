import type { DescMethod } from "@bufbuild/protobuf";
import type { ConnectRouter, Interceptor } from "@connectrpc/connect";
import {
  createMethodImplSpec,
  createMethodUrl,
  createServiceImplSpec,
  type MethodImplSpec,
} from "../connect-internals.js";
import { type AnyFn, invoke } from "./invoke.js";

/** A method that can be called locally. */
export interface LocalMethod {
  /** The implementation inside its interceptors. */
  readonly call: AnyFn;
  readonly url: string;
}

/** Collects what `routes` registers, each method inside the interceptors. */
export function mount(
  routes: (router: ConnectRouter) => void,
  interceptors: readonly Interceptor[],
): ReadonlyMap<DescMethod, LocalMethod> {
  const methods = new Map<DescMethod, LocalMethod>();
  const add = (spec: MethodImplSpec, chain: readonly Interceptor[]) =>
    methods.set(spec.method, {
      call: chain.reduceRight<AnyFn>((next, interceptor) => interceptor(next), invoke(spec)),
      url: createMethodUrl("local://synod", spec.method),
    });
  const router: ConnectRouter = {
    handlers: [],
    service(service, implementation, options) {
      const specs = createServiceImplSpec(service, implementation).methods;
      for (const spec of Object.values(specs)) add(spec, options?.interceptors ?? interceptors);
      return router;
    },
    rpc(method, implementation, options) {
      add(createMethodImplSpec(method, implementation), options?.interceptors ?? interceptors);
      return router;
    },
  };
  routes(router);
  return methods;
}
