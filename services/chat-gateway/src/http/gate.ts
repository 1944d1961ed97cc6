import type { IncomingMessage, ServerResponse } from "node:http";
import type { CallerCheck } from "../caller.js";
import { answerCors } from "./cors.js";
import { answerOf } from "./errors.js";
import { sendError } from "./exchange.js";
import { giveRequestId } from "./request-id.js";

/** Sees every request over HTTP/1.1 first. Says whether it has answered, at once or later. */
export type HttpGate = (req: IncomingMessage, res: ServerResponse) => boolean | Promise<boolean>;

/**
 * Makes the gate: it answers browsers' preflights, and keeps the metrics behind a key. RPCs and the REST routes check
 * keys themselves, each in the words of its own protocol; the probes stay open.
 */
export function createHttpGate(corsOrigins: readonly string[], checkCaller: CallerCheck): HttpGate {
  return (req, res) => {
    giveRequestId(req, res);
    if (answerCors(req, res, corsOrigins)) return true;
    const isMetrics = /^\/metrics(\?|$)/.test(req.url ?? "/");
    return isMetrics && answersStranger(req, res, checkCaller);
  };
}

async function answersStranger(
  req: IncomingMessage,
  res: ServerResponse,
  checkCaller: CallerCheck,
): Promise<boolean> {
  try {
    await checkCaller(req.headers.authorization);
    return false;
  } catch (error) {
    sendError({ req, res }, answerOf(error));
    return true;
  }
}
