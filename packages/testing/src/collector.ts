import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

/** A span as a collector got it. */
export interface CollectedSpan {
  /** The `service.name` of who sent it. */
  readonly service: string;
  readonly name: string;
  readonly kind: "internal" | "server" | "client" | "other";
  readonly traceId: string;
  readonly spanId: string;
  /** Undefined at the root of a trace. */
  readonly parentSpanId: string | undefined;
  readonly tracestate: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Whether its status is an error. */
  readonly failed: boolean;
}

/** A request that a collector got. */
export interface CollectorRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** As it was sent. */
  readonly text: string;
}

/** A collector of traces for one test: OTLP as JSON over HTTP, on a free loopback port. */
export interface Collector extends AsyncDisposable {
  /** The endpoint. */
  readonly url: string;
  readonly requests: readonly CollectorRequest[];
  /** What has arrived so far, in no order. */
  spans(): readonly CollectedSpan[];
}

interface OtlpValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: number | string;
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values?: readonly OtlpValue[] };
}
type OtlpAttributes = readonly { readonly key: string; readonly value: OtlpValue }[];
interface OtlpSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceState?: string;
  readonly attributes: OtlpAttributes;
  readonly status: { readonly code?: number };
}
interface OtlpRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: OtlpAttributes };
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}

/** Starts a collector. It answers with `status`, 200 when unset. */
export async function startCollector(status = 200): Promise<Collector> {
  const requests: CollectorRequest[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const { url: path = "", headers } = request;
      requests.push({ path, headers, text: Buffer.concat(parts).toString() });
      response.writeHead(status, { "content-type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    spans: () => requests.flatMap(({ text }) => spansOf(JSON.parse(text) as OtlpRequest)),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function spansOf({ resourceSpans }: OtlpRequest): CollectedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(attributesOf(resource.attributes)["service.name"]);
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => collected(service, span)));
  });
}

const kinds: Readonly<Record<number, CollectedSpan["kind"]>> = { 1: "internal", 2: "server", 3: "client" };
const errorStatus = 2;

function collected(service: string, span: OtlpSpan): CollectedSpan {
  const { name, traceId, spanId } = span;
  return {
    service,
    name,
    kind: kinds[span.kind] ?? "other",
    traceId,
    spanId,
    parentSpanId: span.parentSpanId,
    tracestate: span.traceState,
    attributes: attributesOf(span.attributes),
    failed: span.status.code === errorStatus,
  };
}

function attributesOf(attributes: OtlpAttributes): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, valueOf(value)]));
}

function valueOf(value: OtlpValue): unknown {
  if (value.arrayValue !== undefined) return (value.arrayValue.values ?? []).map(valueOf);
  return value.stringValue ?? value.boolValue ?? value.doubleValue ?? Number(value.intValue);
}
