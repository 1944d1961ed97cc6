import { randomUUID } from "node:crypto";
import type { NewRun } from "@synod/run-store";
import type { Caller } from "./caller.js";
import type { Question } from "./question.js";
import { requestHash } from "./request-hash.js";

/** What a panel is asked, and how its run is logged. */
export interface PanelQuestion {
  readonly question: Question;
  readonly logged: NewRun;
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
export function loggedRequest(caller: Caller, route: string, { json, text }: RequestJson): NewRun {
  return { runId: randomUUID(), owner: caller.owner, request: text, requestHash: requestHash(route, json) };
}
