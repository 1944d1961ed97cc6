import type { TraceContext } from "./trace-context.js";

/** On which side of a call a span is; `internal` when it is no call. */
export type SpanKind = "server" | "client" | "internal";

/** Facts about a span, by the names of OpenTelemetry's semantic conventions or `synod.…`. What is undefined is left out. */
export type SpanAttributes = Readonly<
  Record<string, string | number | boolean | readonly string[] | undefined>
>;

/** How a span begins. */
export interface SpanOptions {
  readonly kind: SpanKind;
  /** What it is a part of. A trace of its own when unset or empty. */
  readonly parent?: TraceContext | undefined;
  readonly attributes?: SpanAttributes;
}

/** Something that takes time, as a part of a trace. It holds no key, no text of a conversation and no header's value. */
export interface Span {
  /** Its own place, for what is a part of it. Its parent's when nothing is traced. */
  readonly context: TraceContext;
  /** Adds facts. After its end it does nothing. */
  set(attributes: SpanAttributes): void;
  /** Marks it as failed. `type` is one of few: a reason code, never a message. */
  fail(type: string): void;
  /** Ends it. Twice does nothing. */
  end(): void;
}

/** Begins spans. */
export interface Tracer {
  /** Whether spans go anywhere. To be asked where even naming one would cost too much. */
  readonly enabled: boolean;
  /** Begins a span. `name` is one of few: it holds no id. */
  start(name: string, options: SpanOptions): Span;
}

const nothing = (): void => undefined;

/** A tracer that traces nothing and hands on the caller's trace. */
export const noTracer: Tracer = {
  enabled: false,
  start: (_name, { parent = {} }) => {
    const { traceparent, tracestate } = parent;
    return { context: { traceparent, tracestate }, set: nothing, fail: nothing, end: nothing };
  },
};
