import { wholeFence } from "./fences.js";

/** Longer texts are searched from their end: the answer stands there. */
const MAX_SEARCHED = 100_000;

const words =
  "final answer|answer|a|antwort|lösung|réponse|respuesta|resposta|risposta|odpowiedź|ответ|答案|答え|回答|정답|답|الجواب|उत्तर";
const line = new RegExp(
  String.raw`^[\s>*_#-]*(?:the |my )?(?<word>${words})[\s*_]*[::][\s*_]*(?<rest>.*)$`,
  "iu",
);
const sentence =
  /\b(?:the|my)\s+(?:final\s+|correct\s+|right\s+|best\s+)?answer\s+is\s*:?\s*(?<rest>.+?)(?=[.!?](?:\s|$)|$)/giu;

/**
 * The part of a text that is marked as its final answer: a field of a JSON object, a line `Answer: …`, `A: …` or
 * `#### …`, a sentence `The answer is …`, or `\boxed{…}`. The last mark counts. Null when there is none.
 */
export function markedAnswer(text: string): string | null {
  const searched = text.length > MAX_SEARCHED ? text.slice(-MAX_SEARCHED) : text;
  const field = jsonField(searched);
  if (field !== null) return field;
  const lines = searched.split(/\r\n|\r|\n/);
  const hasOptions = lines.some((l) => /^\s*B[:.)]/.test(l));
  for (let i = lines.length - 1; i >= 0; i--) {
    const marked = markInLine(lines, i, hasOptions);
    if (marked !== null) return marked;
  }
  return null;
}

function markInLine(lines: readonly string[], index: number, hasOptions: boolean): string | null {
  const text = lines[index] ?? "";
  if (text.length > 10_000) return null;
  const boxed = lastBoxed(text);
  if (boxed !== null) return boxed;
  const hashes = /^\s*####\s+(?<rest>\S.*)$/u.exec(text)?.groups?.["rest"];
  if (hashes !== undefined) return hashes.trim();
  const groups = line.exec(text)?.groups;
  if (groups !== undefined && !(hasOptions && groups["word"]?.toLowerCase() === "a")) {
    const rest = tidy(groups["rest"] ?? "");
    const marked = rest === "" ? tidy(lines.slice(index + 1).find((l) => tidy(l) !== "") ?? "") : rest;
    return marked === "" ? null : (markedAnswer(marked) ?? marked);
  }
  const said = [...text.matchAll(sentence)].at(-1)?.groups?.["rest"];
  return said === undefined || tidy(said) === "" ? null : tidy(said);
}

/** A text without Markdown and LaTeX marks, quotes and final punctuation around it. */
export function tidy(text: string): string {
  return text
    .replace(/\\(?:text|mathrm|mathbf|textbf)\{([^{}]*)\}/g, "$1")
    .replace(/\\(?:dfrac|tfrac|frac)\{(\d+)\}\{(\d+)\}/g, "$1/$2")
    .replace(/\\[,;:! ]/g, " ")
    .replace(/\\[()[\]$%]|\$\$/g, (mark) => (mark === "\\%" ? "%" : mark === "\\$" ? "$" : ""))
    .replace(/^[\s*_`"'“”‘’«»]+|[\s*_`"'“”‘’«»]+$/gu, "")
    .replace(/^\$(.*)\$$/u, "$1")
    .replace(/[\s.!。!]+$/u, "")
    .replace(/^[\s*_`"'“”‘’«»]+|[\s*_`"'“”‘’«»]+$/gu, "");
}

/** What stands in the last `\boxed{…}`, braces within it matched. */
function lastBoxed(text: string): string | null {
  const start = text.lastIndexOf("\\boxed{");
  if (start < 0) return null;
  let depth = 0;
  for (let i = start + 6; i < text.length; i++) {
    if (text[i] === "{") depth++;
    if (text[i] === "}" && --depth === 0) return tidy(text.slice(start + 7, i)) || null;
  }
  return null;
}

function jsonField(text: string): string | null {
  const object = parseObject(wholeFence(text) ?? text.trim());
  if (object === null) return null;
  for (const name of ["final_answer", "finalAnswer", "answer", "result", "value"]) {
    const value = Object.hasOwn(object, name) ? object[name] : undefined;
    if (typeof value === "string" && value.trim() !== "") return value.trim();
    if (typeof value === "number" || typeof value === "boolean") return String(value);
  }
  return null;
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  if (!text.startsWith("{") || !text.endsWith("}")) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}
