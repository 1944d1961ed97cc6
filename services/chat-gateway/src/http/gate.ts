import type { IncomingMessage, ServerResponse } from "node:http";
import type { CallerCheck } from "../caller.js";
import { answerCors } from "./cors.js";
import { answerOf } from "./errors.js";
import { sendError } from "./exchange.js";
import { HttpError } from "./http-error.js";
import { isLocalName } from "./local-name.js";
import { giveRequestId } from "./request-id.js";

/** Sees every request over HTTP/1.1 first. Says whether it has answered, at once or later. */
export type HttpGate = (req: IncomingMessage, res: ServerResponse) => boolean | Promise<boolean>;

/**
 * Makes the gate: it answers browsers' preflights, keeps the metrics behind a key, and where nobody needs a key it keeps
 * everything from pages that reach this machine under a name of their own. RPCs and the REST routes check keys themselves,
 * each in the words of its own protocol; the probes stay open.
 */
export function createHttpGate(corsOrigins: readonly string[], checkCaller: CallerCheck): HttpGate {
  return (req, res) => {
    giveRequestId(req, res);
    if (answerCors(req, res, corsOrigins)) return true;
    if (isAt(req, "/healthz") || isAt(req, "/readyz")) return false;
    const { host = "" } = req.headers;
    if (!isLocalName(host, corsOrigins)) return answersForeign(req, res, checkCaller);
    return isAt(req, "/metrics") && answersStranger(req, res, checkCaller);
  };
}

const isAt = ({ url = "/" }: IncomingMessage, path: string): boolean =>
  url === path || url.startsWith(`${path}?`);

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

/** Refuses a request under a foreign name, unless whoever sends it has shown a key. */
async function answersForeign(
  req: IncomingMessage,
  res: ServerResponse,
  checkCaller: CallerCheck,
): Promise<boolean> {
  // Who it is that has no valid key is told by the route, in its own words.
  const caller = await checkCaller(req.headers.authorization).catch(() => undefined);
  if (caller === undefined) return isAt(req, "/metrics") && answersStranger(req, res, checkCaller);
  if (caller.owner !== "") return false;
  sendError({ req, res }, { ...answerOf(foreignName), type: "permission_error" });
  return true;
}

const foreignName = new HttpError(
  403,
  "host_not_allowed",
  "Without keys Synod answers under local names alone, such as localhost. Set SYNOD_API_KEYS, or list this origin in SYNOD_CORS_ORIGINS.",
);
