/** A request that nobody should send. */
export interface BadRequest {
  /** What is wrong with it, for the report. */
  readonly kind: string;
  /** HTTP/1.1, gRPC over HTTP/2, or bytes on a connection over HTTP/1.1. */
  readonly wire: "http" | "grpc" | "bytes";
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Whether it says itself that it will not wait: then "too late" is the right answer. */
export function isHasty({ headers }: BadRequest): boolean {
  return ["x-synod-deadline-ms", "connect-timeout-ms", "grpc-timeout"].some((name) => name in headers);
}
