import type { StrategyName } from "@synod/consensus";
import { z } from "zod";
import { checkPreset } from "./check-preset.js";
import type { Mistake } from "./mistakes.js";
import { defaultLimits } from "./schema/config.js";
import { list, number, object, text, whole, word } from "./schema/fields.js";
import { mistakesOf } from "./schema/issues.js";
import { messageSchema, type Preset } from "./schema/preset.js";

// The names that were in use there, and ours.
const approaches: Readonly<Record<string, StrategyName>> = {
  centralized: "synthesis",
  centralised: "synthesis",
  centralized_llm: "synthesis",
  synthesis: "synthesis",
  concatenate: "concatenate",
  concatenation: "concatenate",
  majority: "majority",
};

const approachNames = Object.keys(approaches);

const modelSchema = object(
  {
    id: text(1, 200, { about: "OpenRouter's id of the model." }),
    max_tokens: whole(1, 1_000_000, {
      about: "The most tokens.",
      unset: "the provider's default",
    }).optional(),
    temperature: number(0, 2, { about: "Randomness.", unset: "the provider's default" }).optional(),
  },
  "A model.",
);

const aggregatorSchema = object(
  {
    model: modelSchema,
    approach: word(approachNames, { about: "How answers become one.", default: "centralized" }).optional(),
    aggregator_context: list(messageSchema, 0, 100, {
      about: "Messages before the answers.",
      default: [],
    }).optional(),
    aggregator_prompt: list(messageSchema, 0, 100, {
      about: "Messages after the answers.",
      default: [],
    }).optional(),
  },
  "The aggregator.",
);

/** The configuration format of the system that Synod reimplements. */
export const referenceSchema = object(
  {
    $schema: z.string().describe("The file's JSON Schema, for editors.").optional(),
    models: list(modelSchema, 1, 16, { about: "The panel." }),
    aggregator: list(aggregatorSchema, 1, 16, { about: "The aggregator: the first entry is used." }),
    aggregated_prompt_type: word(["system", "user", "assistant"], {
      about: "The role of the message that tells the members the consensus.",
      default: "system",
    }).optional(),
    improvement_prompt: text(0, 100_000, {
      about: "The last message of an improvement round.",
      unset: "the shipped text",
    }).optional(),
    iterations: whole(0, 5, { about: "Improvement rounds after the first.", default: 0 }).optional(),
  },
  "The reference system's settings. They become the preset `default`.",
);

/** Whether a document is in the reference system's format: it has `models` and `aggregator` at its top. */
export function isReference(document: unknown): boolean {
  return (
    typeof document === "object" && document !== null && "models" in document && "aggregator" in document
  );
}

/** Makes the preset `default` of a document in the reference system's format. */
export function fromReference(
  document: unknown,
  source: string,
  mistakes: Mistake[],
): { readonly presets: Readonly<Record<string, Preset>>; readonly warnings: readonly string[] } {
  const result = referenceSchema.safeParse(document);
  if (!result.success) {
    mistakes.push(...mistakesOf(result.error.issues, source));
    return { presets: {}, warnings: [] };
  }
  const preset = toPreset(result.data);
  mistakes.push(...checkPreset(preset, { limits: defaultLimits, providers: [], source, prefix: [] }));
  const extra = result.data.aggregator.length - 1;
  const warnings =
    extra > 0 ? [`${source}: aggregator: only the first entry is used; ${extra} more is not.`] : [];
  return { presets: { default: preset }, warnings };
}

function toPreset(reference: z.output<typeof referenceSchema>): Preset {
  const [aggregator] = reference.aggregator;
  return {
    members: reference.models.map(({ id, ...sampling }) => ({ model: openRouter(id), ...sampling })),
    // There a round waited for everyone.
    stop_early: "off",
    grace_ms: 3_600_000,
    rounds: { max: (reference.iterations ?? 0) + 1, stop_when: "never" },
    ...(reference.improvement_prompt === undefined
      ? {}
      : { improvement_prompt: reference.improvement_prompt }),
    aggregated_prompt_type: reference.aggregated_prompt_type ?? "system",
    aggregation: aggregator === undefined ? {} : aggregationOf(aggregator),
  };
}

function aggregationOf(aggregator: z.output<typeof aggregatorSchema>): NonNullable<Preset["aggregation"]> {
  const { id, ...sampling } = aggregator.model;
  return {
    strategy: approaches[aggregator.approach ?? "centralized"] ?? "synthesis",
    model: openRouter(id),
    ...sampling,
    context: aggregator.aggregator_context ?? [],
    prompt: aggregator.aggregator_prompt ?? [],
  };
}

// Always prefixed: `openrouter/auto` is a model of OpenRouter's too.
function openRouter(id: string): string {
  return `openrouter/${id}`;
}
