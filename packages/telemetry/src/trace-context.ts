/** A place in a trace, as the headers of W3C Trace Context say it: https://www.w3.org/TR/trace-context/. Empty outside of a trace. */
export interface TraceContext {
  /** Example: `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01`. */
  readonly traceparent?: string | undefined;
  /** What the vendors of tracing systems pass on, at most 512 printable ASCII characters. */
  readonly tracestate?: string | undefined;
}

const form = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;
const state = /^[\x20-\x7e]{1,512}$/;

/** The parts of a `traceparent`. */
export interface TraceParent {
  readonly traceId: string;
  readonly spanId: string;
  /** A bit field; its lowest bit says that the trace is recorded. */
  readonly flags: number;
}

/** Takes a `traceparent` apart; undefined when it is not of the standard's form. */
export function parseTraceParent(traceparent: string | undefined): TraceParent | undefined {
  const [, traceId, spanId, flags] = form.exec(traceparent ?? "") ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, flags: Number.parseInt(flags, 16) };
}

/** Reads the headers of a request. What is not of the standard's form is left out, as the standard says. */
export function readTraceContext(headers: {
  readonly [Name in keyof TraceContext]: string | readonly string[] | null | undefined;
}): TraceContext {
  const { traceparent, tracestate } = headers;
  if (typeof traceparent !== "string" || !form.test(traceparent)) return {};
  return {
    traceparent,
    ...(typeof tracestate === "string" && state.test(tracestate) && { tracestate }),
  };
}
