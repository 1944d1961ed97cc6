import { z } from "zod";

/** What is wrong with a value of a body, in words that follow its path. */
export const error = (message: string) => ({ error: message });

/** A number in a range, its ends included. */
const number = (min: number, max: number) => {
  const what = error(`must be a number from ${min} to ${max}`);
  return z.number(what).min(min, what).max(max, what).nullish();
};

/** A whole number in a range, its ends included. */
export const whole = (min: number, max: number) => {
  const what = error(`must be a whole number from ${min} to ${max}`);
  return z.int(what).min(min, what).max(max, what).nullish();
};

/** A text. */
export const text = z.string(error("must be a text"));
/** A name or an id. */
export const shortText = text.max(256, error("must have at most 256 characters"));

const stopText = text.min(1, error("must not be empty"));

const responseFormat = z.discriminatedUnion(
  "type",
  [
    z.strictObject({ type: z.literal("text") }),
    z.strictObject({ type: z.literal("json_object") }),
    z.strictObject({
      type: z.literal("json_schema"),
      json_schema: z.strictObject({
        name: text.min(1).max(64, error("must have 1 to 64 characters")),
        description: text.max(10_000, error("must have at most 10000 characters")).nullish(),
        schema: z.record(z.string(), z.unknown(), error("must be a JSON Schema")).optional(),
        strict: z.boolean(error("must be true or false")).nullish(),
      }),
    }),
  ],
  error("must be an object whose `type` is `text`, `json_object` or `json_schema`"),
);

/** The fields that every body has which asks a model, by zod. Null means unset. */
export const askingFields = {
  model: z
    .string(error("is missing: name a panel (`synod/default`) or a model (`groq/…`)"))
    .regex(/^[\x21-\x7e]{1,256}$/, error("must be 1 to 256 visible ASCII characters")),
  stream: z.boolean(error("must be true or false")).nullish(),
  stream_options: z
    .strictObject(
      { include_usage: z.boolean().nullish(), include_obfuscation: z.boolean().nullish() },
      error("must be an object with `include_usage`"),
    )
    .nullish(),
  max_tokens: whole(1, 4_294_967_295),
  max_completion_tokens: whole(1, 4_294_967_295),
  temperature: number(0, 2),
  top_p: number(0, 1),
  seed: whole(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  stop: z
    .union(
      [stopText, z.array(stopText).max(4, error("must have at most 4 texts"))],
      error("must be a text or a list of at most 4 texts"),
    )
    .nullish(),
  frequency_penalty: number(-2, 2),
  presence_penalty: number(-2, 2),
  n: whole(1, 128),
  response_format: responseFormat.nullish(),
  consensus: z.unknown().optional(),
};

const asking = z.looseObject(askingFields);

/** What every body has which asks a model, checked. */
export type AskingBody = z.infer<typeof asking>;
