import type { Interceptor } from "@connectrpc/connect";
import { createValidateInterceptor } from "@connectrpc/validate";
import { type Logger, type Metrics, noTracer, type Tracer } from "@synod/telemetry";
import { defaultTimeoutMs } from "../client/service-client.js";
import { createRequestValidator, type RequestValidator } from "./request-validator.js";
import { supervise } from "./supervise.js";

/** Options of the middleware. */
export interface ServiceInterceptorOptions {
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Begins a span for each call that is let in. Nothing is traced when unset. */
  readonly tracer?: Tracer;
  /** Who logs: the service's name, such as `round`. */
  readonly service: string;
  /** The secret that callers must send in `x-synod-inner-token`. Not asked for when unset. */
  readonly innerToken?: string | undefined;
  /**
   * Whether the caller's id in `x-synod-caller` is believed. True when unset; false for a service that strangers reach, which
   * finds out itself who they are.
   */
  readonly trustsCaller?: boolean;
  /** Checks requests. One of its own when unset: it compiles constraints at the first call, so share a `createRequestValidator`. */
  readonly validator?: RequestValidator;
  /** How long a call may take that has no deadline, in milliseconds. 300,000 when unset. */
  readonly defaultTimeoutMs?: number;
  /** How long any call may take, in milliseconds. A longer deadline is shortened. 3,600,000 when unset. */
  readonly maxTimeoutMs?: number;
  /** How many calls may be going on at once; more are refused with `overloaded`. 10,000 when unset. */
  readonly maxInFlight?: number;
}

/**
 * The middleware of a service, outermost first, the same for local, gRPC and web: limit on calls at once, deadline (the
 * handler's signal fires, and the call ends even if the handler is deaf to it), the secret between services, call context
 * (see `callContext`), span, error mapping, log, metrics; then the validation of requests against their constraints.
 */
export function serviceInterceptors(options: ServiceInterceptorOptions): Interceptor[] {
  return [
    supervise({
      logger: options.logger.child({ component: options.service }),
      metrics: options.metrics,
      tracer: options.tracer ?? noTracer,
      innerToken: options.innerToken,
      trustsCaller: options.trustsCaller ?? true,
      defaultTimeoutMs: options.defaultTimeoutMs ?? defaultTimeoutMs,
      maxTimeoutMs: options.maxTimeoutMs ?? 3_600_000,
      maxInFlight: options.maxInFlight ?? 10_000,
    }),
    createValidateInterceptor({ validator: options.validator ?? createRequestValidator([]) }),
  ];
}
