import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { invalid } from "../failure.js";

const header = "x-request-id";

/** Names a request, once, and puts the name on its answer: the caller's own where it is usable, else a new one. */
export function giveRequestId(req: IncomingMessage, res: ServerResponse): string {
  const given = res.getHeader(header);
  if (typeof given === "string") return given;
  const requestId = usable(req) ?? randomUUID();
  res.setHeader(header, requestId);
  return requestId;
}

/** @throws SynodError `invalid_value` when the caller's own name is not usable. */
export function checkRequestId(req: IncomingMessage): void {
  if (req.headers[header] === undefined || usable(req) !== undefined) return;
  throw invalid(header, `${header} must be 1 to 128 visible ASCII characters.`);
}

function usable(req: IncomingMessage): string | undefined {
  const id = req.headers[header];
  return typeof id === "string" && /^[\x21-\x7e]{1,128}$/.test(id) ? id : undefined;
}
