export { defaultMaxLineLength, openBody, readStart, type UpstreamBody } from "./body.js";
export type { CallTimers } from "./call-watch.js";
export {
  defaultMaxBytes,
  openUpstream,
  type UpstreamClient,
  type UpstreamOptions,
  type UpstreamRequest,
} from "./client.js";
export type { UpstreamResponse } from "./exchange.js";
export { UpstreamIoError, type UpstreamIoErrorKind } from "./io-error.js";
export { parseGoDuration, parseRetryAfter, retryAfterMs } from "./retry-after.js";
