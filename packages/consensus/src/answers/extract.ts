import { leadingBoolean, lastBoolean, wholeBoolean } from "./booleans.js";
import { firstLetter, lastChoice, lastLetter, leadingChoice, wholeChoice } from "./choices.js";
import { markedAnswer, tidy } from "./final-answer.js";
import type { AnswerFormat } from "./format.js";
import { canonicalJson } from "./json-values.js";
import { plainDigits } from "./digits.js";
import { findNumbers, type FoundNumber, plainNumbers } from "./numbers.js";
import { normaliseText } from "./plain-text.js";
import { shortKey } from "./short-key.js";

/** What a key is the key of. Keys of kind `text` are compared by likeness, all others by equality. */
export type AnswerKind = "number" | "choice" | "boolean" | "json" | "exact" | "text" | "tool_calls";

/** Why an answer has no vote. */
export type Abstention = "empty" | "no_number" | "no_choice" | "no_boolean" | "no_json" | "no_arguments";

/** What an answer votes for, or why it does not vote. */
export type Extraction =
  { readonly key: string; readonly kind: AnswerKind } | { readonly abstained: Abstention };

/** Longer texts are prose: they are neither a number nor an option as a whole. */
const SHORT = 2_000;

/**
 * Finds what a text answers and writes it in one way, so that equal answers have equal keys.
 *
 * The final answer is looked for first (see `markedAnswer`), then the last number or option. `1,000`, `1000.0` and
 * `one thousand` have the key `1000`; units, accents, case and punctuation never count. For `text` the key is the
 * normalised text; `castBallots` puts texts that say the same together.
 */
export function extractAnswer(text: string, format: AnswerFormat): Extraction {
  if (text.trim() === "") return { abstained: "empty" };
  switch (format) {
    case "number":
      return keyed("number", numberOf(text), "no_number");
    case "choice":
      return keyed("choice", choiceOf(text), "no_choice");
    case "boolean":
      return keyed("boolean", booleanOf(text), "no_boolean");
    case "json":
      return keyed("json", canonicalJson(text), "no_json");
    case "exact":
      return keyed("exact", markedAnswer(text) ?? text.trim(), "empty");
    case "text":
      return keyed("text", normaliseText(markedAnswer(text) ?? text), "empty");
    case "auto":
      return auto(text);
    default:
      return format satisfies never;
  }
}

function keyed(kind: AnswerKind, key: string | null, otherwise: Abstention): Extraction {
  return key === null || key === "" ? { abstained: otherwise } : { key: shortKey(key), kind };
}

/** A number or an option if there is one, else the whole text. */
function auto(text: string): Extraction {
  const marked = markedAnswer(text);
  const candidate = marked ?? text;
  const short = candidate.length <= SHORT;
  const option = short ? (wholeOption(tidy(candidate)) ?? leadingOption(candidate)) : null;
  if (option !== null) return option;
  const number = marked === null ? unmarkedNumber(text) : markedNumber(marked);
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

function numberOf(text: string): string | null {
  const marked = markedAnswer(text);
  return (
    (marked === null ? null : markedNumber(marked)) ??
    lastNumber(text) ??
    lastOf(findNumbers(plainNumbers(text)))
  );
}

/** The number that a final answer begins with, unless a sum leads to it (`6 * 7 = 42`); else its last one. */
function markedNumber(text: string): string | null {
  const plain = plainDigits(tidy(text));
  const result = plain.slice(plain.lastIndexOf("=") + 1);
  const first = findNumbers(result)[0];
  const leads = first !== undefined && result.slice(0, first.start).trim() === "";
  return (
    (leads ? first.key : null) ??
    writtenOut(text) ??
    lastOf(findNumbers(result)) ??
    lastOf(findNumbers(plain))
  );
}

/** The last number of a short text; of a long one, only a number in its last line is its answer. */
function unmarkedNumber(text: string): string | null {
  if (text.length <= 1_000) return lastNumber(text) ?? writtenOut(text);
  const lines = text.trimEnd().split("\n");
  return lastNumber((lines.at(-1) ?? "").slice(-1_000));
}

/** The last number in digits. The marks of a list are none. */
function lastNumber(text: string): string | null {
  const mark = /^[ \t]*\d{1,3}[.)][ \t]+(?=\S)/gm;
  const isList = (text.match(mark)?.length ?? 0) > 1;
  return lastOf(findNumbers(plainDigits(isList ? text.replace(mark, "") : text)));
}

/** The number in words that a few words begin with: `one thousand metres`. Not `one of them`, nor in a longer text. */
function writtenOut(text: string): string | null {
  const short = tidy(text);
  if (short.length > 120 || short.split(/\s+/).length > 10 || /^(?:an? )?one of\b/i.test(short)) return null;
  const plain = plainNumbers(short);
  const first = findNumbers(plain)[0];
  const words = first === undefined ? "" : plain.slice(first.end).trim();
  return first?.start === 0 && words.split(/\s+/).length <= 2 ? first.key : null;
}

function lastOf(numbers: readonly FoundNumber[]): string | null {
  return numbers.at(-1)?.key ?? null;
}

function choiceOf(text: string): string | null {
  const marked = markedAnswer(text);
  for (const candidate of marked === null ? [text] : [marked, text]) {
    const short = candidate.length <= SHORT ? tidy(candidate) : "";
    const whole = short.length <= 40 ? wholeChoice(short) : null;
    const found = whole ?? leadingChoice(candidate) ?? (candidate === marked ? firstLetter(marked) : null);
    if (found !== null) return found;
    const last = lastChoice(candidate.slice(-SHORT)) ?? lastLetter(candidate.slice(-SHORT));
    if (last !== null) return last;
  }
  return null;
}

function booleanOf(text: string): string | null {
  const marked = markedAnswer(text);
  for (const candidate of marked === null ? [text] : [marked, text]) {
    const short = candidate.length <= SHORT ? tidy(candidate) : "";
    const found = wholeBoolean(short) ?? leadingBoolean(candidate) ?? lastBoolean(candidate.slice(-SHORT));
    if (found !== null) return found;
  }
  return null;
}
