import { z } from "zod";
import { formatted, number, object, text, whole, word } from "./fields.js";
import { ownIdPattern } from "./ids.js";

/** The longest time that a setting can name, in milliseconds: an hour. */
const longestMs = 3_600_000;

/** What holds for a provider unless its settings say otherwise. Times are in milliseconds. */
export const providerDefaultsWritten = {
  max_queue: 256,
  connect_timeout_ms: 5_000,
  first_token_timeout_ms: 20_000,
  idle_timeout_ms: 30_000,
  total_timeout_ms: 120_000,
  max_attempts: 3,
  breaker_failures: 5,
  breaker_open_ms: 30_000,
} as const;
const d = providerDefaultsWritten;

const unbounded = "no limit of its own";
const ofProvider = "the provider's";

const bounds = (unset: string) => ({
  max_concurrency: whole(1, 10_000, { about: "The most calls at once.", unset }).optional(),
  requests_per_minute: whole(1, 10_000_000, {
    about: "The most calls in a minute, for each key.",
    unset,
  }).optional(),
  tokens_per_minute: whole(1, 1_000_000_000_000, {
    about: "The most tokens in a minute, read and written, for each key.",
    unset,
  }).optional(),
});

const time = (about: string, standard: number) =>
  whole(1, longestMs, { about, default: standard }).optional();
const timeOfModel = (about: string) => whole(1, longestMs, { about, unset: ofProvider }).optional();
const firstToken = "From the request to the first token, in milliseconds. Comments are none.";
const idle = "Between two arrivals of bytes after the first token, in milliseconds.";
const total = "From the question to the last byte, waits and repeats included, in milliseconds.";

const price = (about: string) => number(0, 1_000_000, { about, unset: "the provider's" }).optional();

const modelSchema = object(
  {
    ...bounds("that of the provider alone"),
    first_token_timeout_ms: timeOfModel(firstToken),
    idle_timeout_ms: timeOfModel(idle),
    total_timeout_ms: timeOfModel(total),
    context_tokens: whole(1, 1_000_000_000, {
      about: "How many tokens it reads and writes together.",
      unset: "what the provider's list says",
    }).optional(),
    input_usd_per_million: price("US dollars for a million tokens read."),
    output_usd_per_million: price("US dollars for a million tokens written."),
  },
  "What is set for one model. Its times replace those of its provider; its limits hold beside them.",
);

const modelName = formatted(
  ownIdPattern,
  "a model's id",
  "the provider's own id of the model, at most 200 characters, without the prefix that Synod uses",
  { about: "The provider's own id of a model." },
);

/** A place where models are asked. */
export const providerSchema = object(
  {
    kind: word(["openrouter", "groq", "openai"], {
      about: "How it is spoken to. openai: any server with OpenAI's chat API.",
      unset: "the provider's id, if it is one of these",
    }).optional(),
    base_url: text(1, 2048, {
      about: "Where it is: the part before /chat/completions.",
      unset: "the provider's own",
    }).optional(),
    ...bounds(unbounded),
    max_queue: whole(0, 100_000, {
      about: "The most calls that wait, for a place or for a limit. Others are refused.",
      default: d.max_queue,
    }).optional(),
    connect_timeout_ms: time("To connect, in milliseconds.", d.connect_timeout_ms),
    first_token_timeout_ms: time(firstToken, d.first_token_timeout_ms),
    idle_timeout_ms: time(idle, d.idle_timeout_ms),
    total_timeout_ms: time(total, d.total_timeout_ms),
    max_attempts: whole(1, 3, {
      about:
        "The most calls for one question to one model, not counting a change of the key. 1 repeats none.",
      default: d.max_attempts,
    }).optional(),
    breaker_failures: whole(1, 1_000, {
      about: "How many failures in a row keep a model from being asked for a while.",
      default: d.breaker_failures,
    }).optional(),
    breaker_open_ms: whole(100, longestMs, {
      about: "How long it is not asked then, in milliseconds. After that one call may try.",
      default: d.breaker_open_ms,
    }).optional(),
    models: z
      .record(modelName, modelSchema, {
        error: ({ code, input }: { code?: string; input?: unknown }) =>
          code === "invalid_type" && (typeof input !== "object" || input === null || Array.isArray(input))
            ? "is not an object. Use an object with one entry for each model."
            : undefined,
      })
      .describe("What is set for single models, by the provider's own ids of them.")
      .optional(),
  },
  "A place where models are asked. Its keys come from the environment: <ID>_API_KEY.",
);

/** What the configuration file says of a provider. */
export type WrittenProvider = z.output<typeof providerSchema>;
/** What the configuration file says of a model. */
export type WrittenModel = z.output<typeof modelSchema>;
