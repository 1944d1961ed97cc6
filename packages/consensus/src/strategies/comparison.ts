import type { ReplyForm } from "../replies/json-reply.js";
import { exactly, oneOf } from "../replies/schemas.js";

/** Which of two answers a model found better, by the labels that it saw. */
export type Preference = "Answer A" | "Answer B" | "tie";

/** What a comparison of two answers in both orders came to. */
export type Comparison =
  /** Both orders agree that the one that came first in the first order is better. */
  | "first"
  /** Both orders agree on the other one. */
  | "second"
  /** Both orders agree that none is. */
  | "tie"
  /** The two orders disagree: what was said depends on the position, and counts for nothing. */
  | "position_disagreement"
  /** A reply is missing or cannot be read. */
  | "unparsable";

/** What two replies about the same two answers come to: one that saw them in this order, one in the other. */
export function comparisonOf(forward: Preference | null, backward: Preference | null): Comparison {
  if (forward === null || backward === null) return "unparsable";
  if (forward === "tie" && backward === "tie") return "tie";
  if (forward === "Answer A" && backward === "Answer B") return "first";
  if (forward === "Answer B" && backward === "Answer A") return "second";
  return "position_disagreement";
}

/** The form of a reply that compares two answers. */
export const comparisonForm: ReplyForm<{ readonly better: Preference }> = {
  name: "comparison",
  schema: exactly({ better: oneOf(["Answer A", "Answer B", "tie"]) }),
  is: (json): json is { readonly better: Preference } => "better" in json,
};
