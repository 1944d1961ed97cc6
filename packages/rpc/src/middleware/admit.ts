import { randomUUID } from "node:crypto";
import { readTraceContext } from "@synod/telemetry";
import type { CallState } from "../context/call-context.js";
import { contextHeaders } from "../context/headers.js";
import { SynodError } from "../errors/synod-error.js";

const printable = /^[\x20-\x7e]+$/;

/**
 * Reads what travels with a call. A request without an id gets one. Throws `invalid_value` when an id is longer than 128
 * characters (a key: 255) or not printable ASCII; a trace that is not of the standard's form is left out, as the standard says.
 *
 * `trustsCaller`: whether the caller's id is taken from the header, which only services of Synod may set.
 */
export function readState(header: Headers, deadlineMs: number, trustsCaller: boolean): CallState {
  return {
    requestId: readId(header, contextHeaders.requestId, 128) ?? randomUUID(),
    caller: trustsCaller ? readId(header, contextHeaders.caller, 128) : undefined,
    idempotencyKey: readId(header, contextHeaders.idempotencyKey, 255),
    ...readTraceContext({
      traceparent: header.get(contextHeaders.traceparent),
      tracestate: header.get(contextHeaders.tracestate),
    }),
    deadlineMs,
  };
}

function readId(header: Headers, name: string, maxLength: number): string | undefined {
  const value = header.get(name);
  if (value === null || value === "") return undefined;
  if (value.length <= maxLength && printable.test(value)) return value;
  throw new SynodError({
    reason: "invalid_value",
    message: `the header ${name} must be at most ${maxLength} printable ASCII characters`,
  });
}
