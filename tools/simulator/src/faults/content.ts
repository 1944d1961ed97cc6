import { z } from "zod";
import { splitTokens } from "../wire/tokens.js";
import type { Draft } from "../wire/draft.js";
import { defineFault } from "./definition.js";

/** A scripted reply in place of the model's own. Neither `max_tokens` nor `stop` cuts it. */
const say = defineFault(
  "say",
  { text: z.string(), finishReason: z.string().default("stop"), reasoning: z.string().default("") },
  ({ text, finishReason, reasoning }) => ({
    draft: (draft) => ({
      ...retold(draft, splitTokens(text)),
      finishReason,
      reasoning: splitTokens(reasoning),
    }),
  }),
);

/** Another finish reason, such as `content_filter`, `length`, `error` or an empty text; keeps so many tokens. */
const finish = defineFault(
  "finish",
  { reason: z.string(), keepTokens: z.int().min(0).optional() },
  ({ reason, keepTokens }) => ({
    draft: (draft) => ({
      ...retold(draft, draft.tokens?.slice(0, keepTokens) ?? null),
      finishReason: reason,
    }),
  }),
);

/** No usable text: JSON null, an empty text, white space, or a refusal beside null. */
const noContent = defineFault(
  "no_content",
  { as: z.enum(["null", "empty", "blank", "refused"]) },
  ({ as }) => ({
    draft: (draft) => {
      switch (as) {
        case "null":
          return retold(draft, null);
        case "empty":
          return retold(draft, [""]);
        case "blank":
          return retold(draft, [" ", "\n\n", "\t "]);
        case "refused":
          return { ...retold(draft, null), refusal: "I cannot help with that." };
      }
    },
  }),
);

/** `choices: []`, or two choices under index 0. */
const choices = defineFault("choices", { as: z.enum(["none", "twice"]) }, ({ as }) => ({
  draft: (draft) => ({ ...draft, choices: as }),
}));

/** A call of tools and no text. */
const toolCalls = defineFault(
  "tool_calls",
  { name: z.string().default("lookup"), arguments: z.string().default('{"query":"simulated"}') },
  ({ name, arguments: text }) => ({
    draft: (draft) => ({
      ...retold(draft, null),
      toolCalls: [{ id: "call_simulated1", name, arguments: text }],
      finishReason: "tool_calls",
    }),
  }),
);

/** Usage that is missing, negative, absurd (1e308), does not add up, or has the given fields. */
const usage = defineFault(
  "usage",
  {
    as: z.enum(["missing", "negative", "absurd", "mismatch", "fields"]),
    fields: z.record(z.string(), z.unknown()).default({}),
  },
  ({ as, fields }) => ({
    draft: (draft) => ({
      ...draft,
      usage: { ...draft.usage, replaced: as === "missing" ? as : { ...ODD_USAGE[as], ...fields } },
    }),
  }),
);

const ODD_USAGE = {
  negative: { prompt_tokens: -10, completion_tokens: -5, total_tokens: -15, cost: -1 },
  absurd: { prompt_tokens: 1e308, completion_tokens: 1e308, total_tokens: 1e308, cost: 1e308 },
  mismatch: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 99 },
  fields: {},
} as const;

/** Where a stream's usage is: the other provider's place, or a repeated choice. */
const usagePlace = defineFault(
  "usage_place",
  { as: z.enum(["finish_chunk", "own_chunk", "repeated_choice"]) },
  ({ as }) => ({ draft: (draft) => ({ ...draft, usagePlace: as }) }),
);

/** The reply names another model than the one asked. */
const servedModel = defineFault("served_model", { model: z.string() }, ({ model }) => ({
  draft: (draft) => ({ ...draft, model }),
}));

/** OpenRouter's answer from its cache: cost 0 and the headers of a hit. */
const cacheHit = defineFault("cache_hit", { ageSeconds: z.int().min(0).default(12) }, ({ ageSeconds }) => ({
  draft: (draft) => ({
    ...draft,
    usage: { ...draft.usage, promptCost: 0, completionCost: 0, cachedTokens: draft.usage.promptTokens },
    headers: {
      ...draft.headers,
      "x-openrouter-cache-status": "HIT",
      "x-openrouter-cache-age": String(ageSeconds),
      "x-openrouter-cache-ttl": "300",
    },
  }),
}));

/** Characters that must not get through as they are: a lone surrogate, NUL, or a change of direction. */
const badText = defineFault("bad_text", { as: z.enum(["lone_surrogate", "nul", "bidi"]) }, ({ as }) => ({
  draft: (draft) => retold(draft, [BAD_TEXT[as], ...(draft.tokens ?? [])]),
}));

const BAD_TEXT = { lone_surrogate: "\ud800x", nul: "a\u0000b", bidi: "\u202egnorw\u202c" } as const;

/** So many tokens of one character. */
const tinyChunks = defineFault("tiny_chunks", { count: z.int().min(1).default(1_000_000) }, ({ count }) => ({
  draft: (draft) =>
    retold(
      draft,
      Array.from({ length: count }, () => "x"),
    ),
}));

/** Faults of what a model says. */
export const content = {
  say,
  finish,
  no_content: noContent,
  choices,
  tool_calls: toolCalls,
  usage,
  usage_place: usagePlace,
  served_model: servedModel,
  cache_hit: cacheHit,
  bad_text: badText,
  tiny_chunks: tinyChunks,
} as const;

/** The draft with other tokens in place of whatever was said, and the usage that goes with them. */
function retold(draft: Draft, tokens: readonly string[] | null): Draft {
  const { usage: before } = draft;
  const completionTokens = tokens?.length ?? 0;
  const each = before.completionTokens === 0 ? 0 : before.completionCost / before.completionTokens;
  return {
    ...draft,
    tokens,
    refusal: null,
    toolCalls: [],
    usage: { ...before, completionTokens, completionCost: each * completionTokens },
  };
}
