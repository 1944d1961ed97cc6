import { closed, number, object, orNull, type Schemas, whole } from "../schema.js";

const count = (description: string) => whole(description, { minimum: 0 });

/** What answers cost. */
export const usageSchemas: Schemas = {
  Usage: closed(
    {
      prompt_tokens: count("Tokens that were read."),
      completion_tokens: count("Tokens that were written."),
      total_tokens: count("Both."),
      prompt_tokens_details: object({ cached_tokens: count("Those that the provider had in its cache.") }),
      completion_tokens_details: object({ reasoning_tokens: count("Those that were spent on reasoning.") }),
      cost: orNull(number("US dollars. Null when a price is not known.", { minimum: 0 })),
      "estimated?": {
        const: true,
        description: "A figure is not the provider's, or its figures contradict each other.",
      },
    },
    "What an answer used: for a panel the sum over every upstream call of the run.",
  ),
};
