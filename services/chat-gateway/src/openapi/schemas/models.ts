import { listOf, number, object, orNull, ref, type Schemas, text, whole } from "../schema.js";

const usd = (description: string) => number(description);
const optionalUsd = (description: string) => orNull(usd(description));

/** What can be asked, and what is left to pay with. */
export const modelSchemas: Schemas = {
  Model: object({
    id: text("What to write as `model`."),
    object: { const: "model" },
    created: whole("Seconds since 1970. 0 when unknown."),
    owned_by: text("`synod` for a panel, else the provider."),
    name: text(),
    "context_length?": whole("Tokens that it reads and writes together."),
    "max_completion_tokens?": whole("Tokens that it writes at most."),
    "pricing?": object({ prompt: text("US dollars a token."), completion: text("US dollars a token.") }),
    "architecture?": object({
      "input_modalities?": listOf(text()),
      "output_modalities?": listOf(text()),
    }),
    "supported_parameters?": listOf(text()),
  }),
  ModelList: object({ object: { const: "list" }, data: listOf(ref("Model")) }),
  Endpoints: object({ data: { type: "object", description: "As OpenRouter says it." } }),
  Credits: object({
    data: {
      anyOf: [
        object({
          total_credits: usd("US dollars that were bought."),
          total_usage: usd("US dollars that were used."),
        }),
        object({
          limit: optionalUsd("US dollars that the key may use. Null without a limit."),
          limit_remaining: optionalUsd("What is left of it."),
          usage: usd("US dollars that it used."),
          usage_daily: usd("Today."),
          usage_weekly: usd("This week."),
          usage_monthly: usd("This month."),
          is_free_tier: { type: "boolean" },
        }),
      ],
    },
  }),
};
