import { DEFAULT_LAYERS, strategies, type StrategyName } from "@synod/consensus";
import type { z } from "zod";
import { formatted, list, number, object, positive, text, whole, wholeWordOrNull, word } from "./fields.js";
import { modelIdPattern } from "./ids.js";

/** The ways to make one answer of many that this version has. */
export const strategyNames = Object.keys(strategies) as readonly StrategyName[];

/** What holds where a preset says nothing, if it does not depend on the rest of the preset. */
export const presetDefaults = {
  graceMs: 2000,
  deadlineMs: 120_000,
  hedgeAfterMs: null,
  stopConfidence: 0.95,
  answerFormat: "auto",
  weight: 1,
  samples: 1,
  roundsMax: 1,
  stopWhen: "stable",
  aggregatedPromptType: "system",
  strategy: "synthesis",
  when: "always",
  layers: DEFAULT_LAYERS,
  judgeMode: "off",
  maxRegenerations: 2,
  regenerate: "round",
  whenDown: "answer",
} as const;
const d = presetDefaults;

function modelId(about: string, unset?: string) {
  return formatted(modelIdPattern, "a model's id", "one such as groq/llama-3.3-70b-versatile", {
    about,
    ...(unset === undefined ? {} : { unset }),
  });
}

const maxTokens = whole(1, 1_000_000, {
  about: "The most tokens that the model may write.",
  unset: "the provider's default",
});
const temperature = number(0, 2, { about: "Randomness, 0 to 2.", unset: "the provider's default" });

/** A message as OpenAI's chat API has it, with text alone. */
export const messageSchema = object(
  {
    role: word(["system", "developer", "user", "assistant"], { about: "Who speaks." }),
    content: text(0, 1_000_000, { about: "What is said." }),
  },
  "One message.",
);

const messages = (about: string) => list(messageSchema, 0, 100, { about, default: [] }).optional();

/** One seat of the panel. */
export const memberSchema = object(
  {
    model: modelId("openrouter/…, groq/…, <provider>/… or sim/…; without a known provider: OpenRouter."),
    max_tokens: maxTokens.optional(),
    temperature: temperature.optional(),
    seed: whole(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, {
      about: "A seed, for providers that support one.",
      unset: "none",
    }).optional(),
    weight: positive(1_000_000, {
      about: "What its vote weighs in `weighted`; elsewhere it breaks ties.",
      default: d.weight,
    }).optional(),
    accuracy: number(0, 1, {
      about:
        "The probability that it is right, on all members or none: `weighted` weighs votes by it, and confidence is told.",
      unset: "none",
    }).nullish(),
    samples: whole(1, 10, {
      about: "How often it is asked; each answer votes.",
      default: d.samples,
    }).optional(),
    fallbacks: list(modelId("A model to ask instead."), 0, 5, {
      about: "Models to ask when it fails before its first token, in order.",
      default: [],
    }).optional(),
    family: text(1, 64, {
      about: "Who made the model: models of one family tend to make the same mistakes.",
      unset: "the author part of the id, else the provider",
    }).optional(),
  },
  "One seat of the panel.",
);

const rounds = object(
  {
    max: whole(1, 6, {
      about: "The most rounds, the first included.",
      default: d.roundsMax,
    }).optional(),
    stop_when: word(["stable", "never"], {
      about: "When to ask no more rounds: nothing changes any more, or only after the last.",
      default: d.stopWhen,
    }).optional(),
  },
  "How often the panel is asked.",
);

const aggregation = object(
  {
    strategy: word(strategyNames, { about: "How answers become one.", default: d.strategy }).optional(),
    model: modelId(
      "The model that aggregates, for strategies that need one.",
      "the first member's",
    ).optional(),
    max_tokens: maxTokens.optional(),
    temperature: temperature.optional(),
    context: messages("Messages before the answers. With no prompt either: the shipped ones."),
    prompt: messages("Messages after the answers. With no context either: the shipped ones."),
    layers: whole(1, 6, {
      about: "Layers of answers for `layered`, the panel's own included.",
      default: d.layers,
    }).optional(),
    when: word(["always", "disagree"], {
      about: "disagree: no model is asked when all answers agree.",
      default: d.when,
    }).optional(),
  },
  "How answers become one.",
);

const judge = object(
  {
    mode: word(["off", "annotate", "gate"], {
      about: "annotate: the verdict follows the answer. gate: the answer is held until it is accepted.",
      default: d.judgeMode,
    }).optional(),
    models: list(modelId("A judge."), 0, 9, {
      about: "The judges. Needed when a mode is on.",
      default: [],
    }).optional(),
    votes_needed: whole(1, 9, {
      about: "How many must say right.",
      unset: "the majority of the judges",
    }).optional(),
    max_regenerations: whole(0, 5, {
      about: "How often a wrong answer is made again, at most.",
      default: d.maxRegenerations,
    }).optional(),
    regenerate: word(["round", "aggregate"], {
      about: "What a regeneration is: one more round and its aggregation, or an aggregation alone.",
      default: d.regenerate,
    }).optional(),
    when_down: word(["answer", "fail"], {
      about: "What happens when there is no verdict.",
      default: d.whenDown,
    }).optional(),
  },
  "How the answer is judged.",
);

const budget = object(
  {
    max_cost_usd: number(1e-9, 1_000_000, {
      about: "The most that a run may cost, in US dollars.",
      unset: "no limit",
    }).optional(),
    max_output_tokens: whole(1, 1_000_000_000, {
      about: "The most tokens that a run may write.",
      unset: "no limit",
    }).optional(),
  },
  "What a run may use.",
);

const members = list(memberSchema, 1, 16, { about: "The panel." });

const fields = {
  quorum: whole(1, 160, {
    about: "Usable answers that a round needs.",
    unset: "a majority of the answers asked for",
  }).optional(),
  grace_ms: whole(0, 3_600_000, {
    about: "Milliseconds to wait for the others once the quorum is in.",
    default: d.graceMs,
  }).optional(),
  deadline_ms: whole(1, 3_600_000, {
    about: "Milliseconds for the whole run.",
    default: d.deadlineMs,
  }).optional(),
  ask_first: whole(1, 16, {
    about: "How many members are asked first, from the first one on: the others only if these do not agree.",
    unset: "all",
  }).optional(),
  hedge_after_ms: wholeWordOrNull(1, 3_600_000, "p95", {
    about:
      "Milliseconds after which a member's first fallback is asked too. p95: when the member takes longer than 95 % of its last answers.",
    default: d.hedgeAfterMs,
  }).optional(),
  stop_early: word(["off", "lossless", "confident"], {
    about:
      "lossless: a round ends when the outstanding votes cannot change the winner. confident: also when that is right enough.",
    unset: "lossless where votes decide, else off",
  }).optional(),
  stop_confidence: number(0.5, 1, {
    about: "The probability that the winner is right with which confident stops.",
    default: d.stopConfidence,
  }).optional(),
  answer_format: word(["auto", "number", "choice", "boolean", "json", "exact", "text"], {
    about: "How answers are compared.",
    default: d.answerFormat,
  }).optional(),
  rounds: rounds.optional(),
  improvement_prompt: text(1, 100_000, {
    about: "The last message of an improvement round.",
    unset: "the shipped text",
  }).optional(),
  aggregated_prompt_type: word(["system", "user", "assistant"], {
    about: "The role of the message that tells the members the consensus.",
    default: d.aggregatedPromptType,
  }).optional(),
  aggregation: aggregation.optional(),
  judge: judge.optional(),
  budget: budget.optional(),
};

/** A preset as it is written. */
export const presetSchema = object({ members, ...fields }, "A panel and how its answers become one.");

/** What a request may change of a preset: any field of it. */
export const overrideSchema = object(
  {
    members: members.optional(),
    ...fields,
    stream: word(["answer", "members"], {
      about: "What a stream carries: the answer, or beside it what each member writes.",
      default: "answer",
    }).optional(),
  },
  "Changes to the preset for one request, and how it is streamed.",
);

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** A preset as it is written: what is left out is filled in when a run's settings are resolved. */
export type Preset = DeepReadonly<z.output<typeof presetSchema>>;

/** Changes to a preset for one request. Made by `parseOverride` only. */
export type Override = DeepReadonly<z.output<typeof overrideSchema>>;
