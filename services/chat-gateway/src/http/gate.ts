import type { IncomingMessage, ServerResponse } from "node:http";
import { type KeyCheck, keyNeeded } from "../api-keys.js";
import { answerCors } from "./cors.js";
import { answerOf } from "./errors.js";
import { sendError } from "./exchange.js";
import { giveRequestId } from "./request-id.js";

/** Sees every request over HTTP/1.1 first. Returns whether it has answered. */
export type HttpGate = (req: IncomingMessage, res: ServerResponse) => boolean;

/**
 * Makes the gate: it answers browsers' preflights, and keeps the metrics behind a key. RPCs and the REST routes check
 * keys themselves, each in the words of its own protocol; the probes stay open.
 */
export function createHttpGate(corsOrigins: readonly string[], mayCall: KeyCheck): HttpGate {
  return (req, res) => {
    giveRequestId(req, res);
    if (answerCors(req, res, corsOrigins)) return true;
    const isMetrics = /^\/metrics(\?|$)/.test(req.url ?? "/");
    if (!isMetrics || mayCall(req.headers.authorization)) return false;
    sendError({ req, res }, answerOf(keyNeeded()));
    return true;
  };
}
