import {
  type Attributes,
  type Context,
  createTraceState,
  type Span as OtelSpan,
  ROOT_CONTEXT,
  SpanKind as OtelSpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Tracer as OtelTracer,
} from "@opentelemetry/api";
import { parseTraceParent, type TraceContext } from "../trace-context.js";
import type { Span, SpanAttributes, SpanKind, SpanOptions, Tracer } from "../tracer.js";

const kinds: Readonly<Record<SpanKind, OtelSpanKind>> = {
  server: OtelSpanKind.SERVER,
  client: OtelSpanKind.CLIENT,
  internal: OtelSpanKind.INTERNAL,
};

/** A tracer over OpenTelemetry's. What a span is a part of is always said, never found in the surroundings. */
export class OtlpTracer implements Tracer {
  readonly enabled = true;
  readonly #tracer: OtelTracer;

  constructor(tracer: OtelTracer) {
    this.#tracer = tracer;
  }

  start(name: string, { kind, parent, attributes = {} }: SpanOptions): Span {
    const options = { kind: kinds[kind], attributes: known(attributes) };
    return new OtlpSpan(this.#tracer.startSpan(name, options, contextOf(parent)));
  }
}

class OtlpSpan implements Span {
  readonly context: TraceContext;
  readonly #span: OtelSpan;
  #over = false;

  constructor(span: OtelSpan) {
    const { traceId, spanId, traceFlags, traceState } = span.spanContext();
    const flags = (traceFlags & TraceFlags.SAMPLED) === 0 ? "00" : "01";
    const tracestate = traceState?.serialize();
    this.#span = span;
    this.context = {
      traceparent: `00-${traceId}-${spanId}-${flags}`,
      ...(tracestate !== undefined && tracestate !== "" && { tracestate }),
    };
  }

  set(attributes: SpanAttributes): void {
    if (!this.#over) this.#span.setAttributes(known(attributes));
  }

  fail(type: string): void {
    this.set({ "error.type": type });
    if (!this.#over) this.#span.setStatus({ code: SpanStatusCode.ERROR });
  }

  end(): void {
    if (!this.#over) this.#span.end();
    this.#over = true;
  }
}

function contextOf(parent: TraceContext | undefined): Context {
  const place = parseTraceParent(parent?.traceparent);
  if (place === undefined) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId: place.traceId,
    spanId: place.spanId,
    traceFlags: place.flags & TraceFlags.SAMPLED,
    isRemote: true,
    ...(parent?.tracestate !== undefined && { traceState: createTraceState(parent.tracestate) }),
  });
}

function known(attributes: SpanAttributes): Attributes {
  const all: Attributes = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) all[name] = typeof value === "object" ? [...value] : value;
  }
  return all;
}
