import { listOf, object, orNull, ref, type Schemas, text, word, closed } from "../schema.js";

const types = [
  "invalid_request_error",
  "authentication_error",
  "permission_error",
  "rate_limit_error",
  "upstream_error",
  "overloaded",
  "timeout",
  "server_error",
  "canceled",
] as const;

/** What errors look like. */
export const errorSchemas: Schemas = {
  Error: closed({
    message: text("What is wrong, where, and what to do."),
    type: word(types, "The class of the error."),
    param: orNull(text("The path of the part of the request that is wrong, such as `messages[0].role`.")),
    code: text("The case, for programs. They are listed in docs/api.md.", { examples: ["invalid_value"] }),
  }),
  ErrorAnswer: object(
    { error: ref("Error"), "consensus?": ref("Consensus") },
    "An error. A run that failed says beside it who was asked and what became of each.",
  ),
  MemberError: closed({
    code: text("The case, as in `error.code`."),
    message: text(),
    retryable: { type: "boolean", description: "Whether the same request can succeed later." },
    "paid_partial?": {
      const: true,
      description: "Something of an answer had come, was thrown away, and is or may be paid for.",
    },
  }),
  Finding: object({ quote: text(), problem: text(), severity: text() }, "What a judge found wrong."),
  Findings: listOf(ref("Finding")),
};
