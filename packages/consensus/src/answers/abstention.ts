/** Why an answer has no vote. */
export type AbstentionReason =
  | "empty"
  | "refused"
  | "no_number"
  | "no_choice"
  | "no_boolean"
  | "no_json"
  | "no_arguments"
  | "unknown_tool"
  | "invalid_arguments"
  | "not_of_schema";

/** Why an answer has no vote, also in words for a person: places in the answer, never what stands there. */
export interface Abstention {
  readonly reason: AbstentionReason;
  readonly message: string;
}

/** What is said where there is nothing more to say. */
const messages = {
  empty: "It is empty.",
  refused: "It is a refusal.",
  no_number: "It does not hold one number as its answer.",
  no_choice: "It does not name one option.",
  no_boolean: "It says neither yes nor no.",
  no_json: "It holds no JSON, or more than is read.",
  not_of_schema: "It is not of the schema that was asked for.",
} as const satisfies Partial<Record<AbstentionReason, string>>;

/** An abstention that its reason says all about. */
export function abstention(reason: keyof typeof messages): Abstention {
  return { reason, message: messages[reason] };
}
