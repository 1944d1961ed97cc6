import type { Json } from "../json/json.js";
import { jsonKey } from "../json/write-json.js";
import type { AbstentionReason } from "./abstention.js";
import { booleanOf, leadingBoolean, wholeBoolean } from "./booleans.js";
import { choiceOf, lastChoice, leadingChoice, SHORT, wholeChoice } from "./choices.js";
import { markedAnswer, tidy } from "./final-answer.js";
import type { AnswerFormat } from "./format.js";
import { jsonIn } from "./json-values.js";
import { numberOf, onlyNumberOf } from "./number-answer.js";
import { normaliseText } from "./plain-text.js";
import { shortKey } from "./short-key.js";

/** What a key is the key of. Keys of kind `text` are compared by likeness, all others by equality. */
export type AnswerKind = "number" | "choice" | "boolean" | "json" | "exact" | "text" | "tool_calls";

/** Why a text has no vote. */
export type TextAbstention = Extract<
  AbstentionReason,
  "empty" | "no_number" | "no_choice" | "no_boolean" | "no_json"
>;

/** What an answer votes for, or why it does not vote. */
export type Extraction =
  { readonly key: string; readonly kind: AnswerKind } | { readonly abstained: TextAbstention };

/**
 * Finds what a text answers and writes it in one way, so that equal answers have equal keys.
 *
 * The final answer is looked for first (see `markedAnswer`), then the last number or option. `1,000`, `1000.0` and
 * `one thousand` have the key `1000` (see `findNumbers`); units, accents, case and punctuation never count. For `text`
 * the key is the normalised text; `castBallots` puts texts that say the same together. `auto` takes a number or an option
 * if there is one, else the whole text votes as `text`; so do names with a number (`Neil Armstrong, in 1969`) and lists
 * of numbers (`x = 1, y = 2`), of which none is the answer alone.
 */
export function extractAnswer(text: string, format: AnswerFormat): Extraction {
  if (text.trim() === "") return { abstained: "empty" };
  if (format === "json") return extractJson(jsonIn(text));
  const marked = markedAnswer(text);
  if (marked === "") return { abstained: "empty" };
  switch (format) {
    case "number":
      return keyed("number", numberOf(text, marked), "no_number");
    case "choice":
      return keyed("choice", choiceOf(text, marked), "no_choice");
    case "boolean":
      return keyed("boolean", booleanOf(text, marked), "no_boolean");
    case "exact":
      return keyed("exact", marked ?? text.trim(), "empty");
    case "text":
      return keyed("text", normaliseText(marked ?? text), "empty");
    case "auto":
      return auto(text, marked);
    default:
      return format satisfies never;
  }
}

/** What a text votes for whose JSON value was read. */
export function extractJson(json: Json | null): Extraction {
  return json === null ? { abstained: "no_json" } : keyed("json", jsonKey(json), "no_json");
}

function keyed(kind: AnswerKind, key: string | null, otherwise: TextAbstention): Extraction {
  return key === null || key === "" ? { abstained: otherwise } : { key: shortKey(key), kind };
}

/** A number or an option if there is one, else the whole text. */
function auto(text: string, marked: string | null): Extraction {
  const candidate = marked ?? text;
  const short = candidate.length <= SHORT;
  const option = short ? (wholeOption(tidy(candidate)) ?? leadingOption(candidate)) : null;
  if (option !== null) return option;
  const number = onlyNumberOf(text, marked);
  if (number !== null) return keyed("number", number, "no_number");
  const choice = short ? lastChoice(candidate) : null;
  return choice === null ? keyed("text", normaliseText(candidate), "empty") : { key: choice, kind: "choice" };
}

function wholeOption(text: string): Extraction | null {
  if (text.length > 40) return null;
  const boolean = wholeBoolean(text);
  if (boolean !== null && !/\d/.test(text)) return { key: boolean, kind: "boolean" };
  const choice = /\d/.test(text) ? null : wholeChoice(text);
  return choice === null ? null : { key: choice, kind: "choice" };
}

function leadingOption(text: string): Extraction | null {
  const choice = leadingChoice(text);
  if (choice !== null) return { key: choice, kind: "choice" };
  const boolean = leadingBoolean(text);
  return boolean === null ? null : { key: boolean, kind: "boolean" };
}
