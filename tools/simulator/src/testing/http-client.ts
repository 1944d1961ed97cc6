import { request } from "node:http";
import type { IncomingHttpHeaders } from "node:http";

/** What came back of a call, also of one that broke off. */
export interface Reply {
  /** 0 when the connection broke before the headers. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  /** Whether the response ended properly. */
  readonly complete: boolean;
  /** The code of the error that broke it off, such as `ECONNRESET`; null otherwise. */
  readonly error: string | null;
}

/** A call that is going on. */
export interface OpenCall {
  /** Never rejects: a broken connection is a reply too. */
  readonly reply: Promise<Reply>;
  /** Resolves with what came so far once there is a piece of the body (or the end). */
  readonly firstBytes: Promise<string>;
  /** Leaves without waiting for the end. */
  leave(): void;
}

/** What to send. */
export interface CallOptions {
  readonly method?: string;
  readonly json?: unknown;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Calls over a connection of its own and lets nothing be decoded, so that a test sees the wire as it is. */
export function openCall(url: string, { method, json, body, headers }: CallOptions = {}): OpenCall {
  const payload = json === undefined ? body : JSON.stringify(json);
  const parts: Buffer[] = [];
  let first = (_: string) => {};
  const firstBytes = new Promise<string>((resolve) => (first = resolve));
  const req = request(url, {
    method: method ?? (payload === undefined ? "GET" : "POST"),
    agent: false,
    headers: { ...(payload === undefined ? {} : { "content-type": "application/json" }), ...headers },
  });
  const reply = new Promise<Reply>((resolve) => {
    let status = 0;
    let received: IncomingHttpHeaders = {};
    const settle = (complete: boolean, error: string | null) => {
      const bytes = Buffer.concat(parts);
      first(bytes.toString());
      resolve({ status, headers: received, bytes, text: bytes.toString(), complete, error });
    };
    const broken = (error: Error & { readonly code?: string }) => settle(false, error.code ?? error.message);
    req.on("error", broken);
    req.on("response", (res) => {
      status = res.statusCode ?? 0;
      received = res.headers;
      res.on("data", (part: Buffer) => {
        parts.push(part);
        first(part.toString());
      });
      res.on("end", () => settle(res.complete, null));
      res.on("error", broken);
    });
    req.end(payload);
  });
  return { reply, firstBytes, leave: () => req.destroy() };
}

/** Calls and waits for the end. */
export function call(url: string, options?: CallOptions): Promise<Reply> {
  return openCall(url, options).reply;
}

/** The JSON objects of a stream's `data:` lines, without `[DONE]`. */
export function sseData(text: string): unknown[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("data: ") && line !== "data: [DONE]")
    .map((line) => JSON.parse(line.slice("data: ".length)) as unknown);
}
