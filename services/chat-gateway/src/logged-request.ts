import { randomUUID } from "node:crypto";
import type { NewRun } from "@synod/run-store";
import type { Caller } from "./caller.js";
import type { Question } from "./question.js";
import { requestHash } from "./request-hash.js";

/** How a run is logged, with the hash of its request. */
export type LoggedRequest = NewRun & { readonly requestHash: string };

/** What a panel is asked, and how its run is logged. */
export interface PanelQuestion {
  readonly question: Question;
  readonly logged: LoggedRequest;
}

/** An idempotency key that a request holds, and the run that it stands for. */
export interface Claim {
  readonly key: string;
  readonly runId: string;
}

/** A request as JSON: what it says, and how it was written. */
interface RequestJson {
  readonly json: unknown;
  readonly text: string;
}

/**
 * How the run that a request asks for is logged.
 *
 * @param route What was called, as for `requestHash`.
 */
export function loggedRequest(caller: Caller, route: string, { json, text }: RequestJson): LoggedRequest {
  return { runId: randomUUID(), owner: caller.owner, request: text, requestHash: requestHash(route, json) };
}

/** The same for a request that may hold an idempotency key: then its run is logged ahead. */
export function claimed(logged: LoggedRequest, claim: Claim | undefined): LoggedRequest {
  return claim === undefined
    ? logged
    : { ...logged, runId: claim.runId, durable: true, idempotencyKey: claim.key };
}
