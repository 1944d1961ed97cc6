import {
  errorAnswers,
  eventStream,
  inPath,
  inQuery,
  jsonAnswer,
  parameter,
  type Paths,
} from "../operation.js";
import { ref, text, whole, word } from "../schema.js";

const id = inPath("id", "The run's id.");
const tags = ["Runs"];
const time = text("A time such as `2026-11-28T12:00:00Z`, or seconds since 1970.");

/** The caller's own runs. Those of others are not there. */
export const runPaths: Paths = {
  "/v1/runs": {
    get: {
      operationId: "listRuns",
      summary: "List runs, the newest first",
      tags,
      parameters: [
        inQuery("status", word(["queued", "running", "completed", "failed", "cancelled"]), "How they stand."),
        inQuery("preset", text(undefined, { minLength: 1, maxLength: 256 }), "The preset, without `synod/`."),
        inQuery("since", time, "The earliest start."),
        inQuery("before", time, "All starts are before it."),
        inQuery("limit", whole(undefined, { minimum: 1, maximum: 100, default: 20 }), "How many at most."),
        inQuery("cursor", text(undefined, { maxLength: 1_024 }), "`next_cursor` of the page before."),
        parameter("RequestId"),
      ],
      responses: { 200: jsonAnswer("A page of runs.", ref("RunList")), ...errorAnswers(405) },
    },
  },
  "/v1/runs/{id}": {
    get: {
      operationId: "getRun",
      summary: "Read a run with its request and what came of it",
      tags,
      parameters: [id, parameter("RequestId")],
      responses: { 200: jsonAnswer("The run.", ref("Run")), ...errorAnswers(404, 405) },
    },
  },
  "/v1/runs/{id}/events": {
    get: {
      operationId: "followRun",
      summary: "Read the events of a run, those that are there and then those that come",
      tags,
      parameters: [
        id,
        {
          name: "Last-Event-ID",
          in: "header",
          required: false,
          description: "The `seq` of the last event that is known: only later ones are sent.",
          schema: whole(undefined, { minimum: 0 }),
        },
        parameter("RequestId"),
      ],
      responses: {
        200: {
          description:
            "One event after the other, each with its `seq` as `id`. It ends after the run's last one.",
          content: eventStream(ref("RunEvent")),
        },
        204: { description: "The run is over, and all its events are known." },
        ...errorAnswers(404, 405),
      },
    },
  },
  "/v1/runs/{id}/cancel": {
    post: {
      operationId: "cancelRun",
      summary: "End a run that is going on",
      description: "What is being asked is cancelled. Changes nothing when the run is over.",
      tags,
      parameters: [id, parameter("RequestId")],
      responses: { 200: jsonAnswer("The run as it stands.", ref("Run")), ...errorAnswers(404, 405) },
    },
  },
};
