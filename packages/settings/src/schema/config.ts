import { z } from "zod";
import { flag, formatted, object, whole } from "./fields.js";
import { presetSchema } from "./preset.js";
import { providerSchema } from "./provider.js";

const providerId = formatted(
  /^[a-z0-9][a-z0-9_-]{0,31}$/,
  "a provider's id",
  "1 to 32 of a-z, 0-9, _ and -",
  {
    about: "A provider's id: the prefix of its models' ids.",
  },
);

const presetName = formatted(
  /^[A-Za-z0-9][\w.-]{0,63}$/,
  "a preset's name",
  "1 to 64 letters, digits, ., _ and -",
  {
    about: "A preset's name: asked for as synod/<name>.",
  },
);

/** The operator's limits when nothing is set. But for the last two they are the highest, too. */
export const defaultLimits = {
  members: 16,
  samples: 10,
  rounds: 6,
  regenerations: 5,
  judges: 9,
  messages: 1000,
  requestBytes: 4 * 1024 * 1024,
  requestsAtOnce: 4_000,
  bytesAtOnce: 256 * 1024 * 1024,
} as const;
const d = defaultLimits;

const limit = (min: number, highest: number, about: string) =>
  whole(min, highest, { about, default: highest }).optional();

const limitsSchema = object(
  {
    members: limit(1, d.members, "Members of a panel."),
    samples: limit(1, d.samples, "Samples of a member."),
    rounds: limit(1, d.rounds, "Rounds of a run."),
    regenerations: limit(0, d.regenerations, "Regenerations of a run."),
    judges: limit(0, d.judges, "Judges of a panel."),
    messages: limit(1, d.messages, "Messages of a request."),
    request_bytes: limit(1024, d.requestBytes, "Bytes of a request."),
    requests_at_once: whole(1, 1_000_000, {
      about: "Questions that are being answered at once. More are refused with 503.",
      default: d.requestsAtOnce,
    }).optional(),
    bytes_at_once: whole(d.requestBytes, 1_000_000_000_000, {
      about: "Bytes of all requests that are being answered together. More are refused with 503.",
      default: d.bytesAtOnce,
    }).optional(),
  },
  "The most that any preset and any request may ask for.",
);

/** How runs are kept when the file says nothing. */
export const defaultHistory = { enabled: true, retentionDays: 30 } as const;
const h = defaultHistory;

const historySchema = object(
  {
    enabled: flag({
      about: "Whether runs are kept in the database. false: in memory alone, the newest of them.",
      default: h.enabled,
    }).optional(),
    retention_days: whole(1, 36_500, {
      about: "Days after which a run is deleted.",
      default: h.retentionDays,
    }).optional(),
  },
  "How runs are kept.",
);

const recordError =
  (what: string) =>
  ({ code, input }: { code?: string; input?: unknown }) =>
    code === "invalid_type" && (typeof input !== "object" || input === null || Array.isArray(input))
      ? `is not an object. Use an object with one entry for each ${what}.`
      : undefined;

/** The configuration file. */
export const configSchema = object(
  {
    $schema: z.string().describe("The file's JSON Schema, for editors.").optional(),
    providers: z
      .record(providerId, providerSchema, { error: recordError("provider") })
      .describe("Where models are asked. openrouter and groq exist without being listed.")
      .optional(),
    presets: z
      .record(presetName, presetSchema, { error: recordError("preset") })
      .describe("The panels by name.")
      .optional(),
    limits: limitsSchema.optional(),
    history: historySchema.optional(),
  },
  "Settings of Synod.",
);

/** The configuration file as it is written. */
export type Config = z.output<typeof configSchema>;
