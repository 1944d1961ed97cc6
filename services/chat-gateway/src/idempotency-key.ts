import type { IncomingMessage } from "node:http";
import { invalid } from "./failure.js";

const header = "idempotency-key";
const retryHeader = "x-stainless-retry-count";

/**
 * The key under which a request is carried out once; undefined when it has none.
 *
 * @throws SynodError `invalid_value` when it is not 1 to 255 visible ASCII characters.
 */
export function readIdempotencyKey({ headers }: Pick<IncomingMessage, "headers">): string | undefined {
  return checkIdempotencyKey(headers[header]?.toString());
}

/** The same for a key that was read. */
export function checkIdempotencyKey(key: string | undefined): string | undefined {
  if (key === undefined || /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw invalid(header, `${header} must be 1 to 255 visible ASCII characters.`);
}

/**
 * How often a client says that it has sent this request before; undefined when it says nothing. The official clients of
 * OpenAI and Groq say so, and send again by themselves when a connection breaks.
 */
export function retriesOf({ headers }: Pick<IncomingMessage, "headers">): number | undefined {
  const count = headers[retryHeader];
  return typeof count === "string" && /^\d{1,3}$/.test(count) ? Number(count) : undefined;
}
