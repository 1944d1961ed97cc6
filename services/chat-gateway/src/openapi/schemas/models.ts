import { closed, listOf, number, object, orNull, ref, type Schemas, text, whole } from "../schema.js";

const usd = (description: string) => number(description);
const perToken = text("US dollars a token, as decimal text. -1 when it is not known.");
/** Fields that OpenRouter's client wants to see. */
const unknown = { type: "null" } as const;
const optionalUsd = (description: string) => orNull(usd(description));

/** What can be asked, and what is left to pay with. */
export const modelSchemas: Schemas = {
  Model: closed({
    id: text("What to write as `model`."),
    object: { const: "model" },
    created: whole("Seconds since 1970. 0 when unknown."),
    owned_by: text("`synod` for a panel, else the provider."),
    name: text(),
    canonical_slug: text("The same as `id`."),
    context_length: orNull(whole("Tokens that it reads and writes together.")),
    "max_completion_tokens?": whole("Tokens that it writes at most."),
    pricing: object({ prompt: perToken, completion: perToken }),
    architecture: object({
      modality: orNull(text("Such as `text+image->text`.")),
      input_modalities: listOf(text()),
      output_modalities: listOf(text()),
    }),
    supported_parameters: listOf(text()),
    top_provider: object({
      context_length: orNull(whole()),
      max_completion_tokens: orNull(whole()),
      is_moderated: { const: false },
    }),
    per_request_limits: unknown,
    default_parameters: unknown,
    supported_voices: unknown,
    links: object({ details: text("Where its endpoints are listed.") }),
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
