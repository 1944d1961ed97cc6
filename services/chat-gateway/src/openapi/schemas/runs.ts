import { closed, flag, listOf, object, orNull, ref, type Schemas, text, whole, word } from "../schema.js";

const head: Schemas = {
  id: text(),
  object: { const: "run" },
  status: word(["queued", "running", "completed", "failed", "cancelled"]),
  created_at: whole("Seconds since 1970."),
  finished_at: orNull(whole("Seconds since 1970. Null while it goes on.")),
};

/** Runs that are going on or over. */
export const runSchemas: Schemas = {
  Run: closed(
    {
      ...head,
      request: orNull({ type: "object", description: "What was asked, as it was written." }),
      response: orNull(ref("ChatCompletion")),
      error: orNull(ref("Error")),
      consensus: ref("Consensus"),
    },
    "A run with its request and what came of it.",
  ),
  RunSummary: closed({ ...head, preset: text() }),
  RunList: closed({
    object: { const: "list" },
    data: listOf(ref("RunSummary"), "The newest first."),
    has_more: flag(),
    next_cursor: orNull(text("For the next page.")),
  }),
  RunEvent: {
    ...object(
      {
        runId: text(),
        seq: whole("The position in the run, from 1, without gaps.", { minimum: 1 }),
        createTime: text(undefined, { format: "date-time" }),
      },
      "The JSON form of `synod.chat.v1.RunEvent`: beside these fields one more, which says what happened.",
    ),
    minProperties: 4,
    maxProperties: 4,
  },
};
