import { lastFence, wholeFence } from "./fences.js";
import { plainLatex } from "./latex.js";

/** Longer texts are searched from their end: the answer stands there. */
const MAX_SEARCHED = 100_000;

const words =
  "final answer|answer|a|antwort|lösung|réponse|respuesta|resposta|risposta|odpowiedź|ответ|答案|答え|回答|정답|답|الجواب|الإجابة|उत्तर";
const line = new RegExp(
  String.raw`^[\s>*_#-]*(?:the |my )?(?<word>${words})[\s*_]*[::][\s*_]*(?<rest>.*)$`,
  "iu",
);
const heading = /^\s*(?:#{1,6}\s+|\*\*|__)(?:the |my )?(?:final )?answer[\s*_]*$/i;
const tag = /<(?<name>(?:final_?)?answer)>(?<rest>[^<]*)<\/\k<name>>/giu;
const sentence = new RegExp(
  String.raw`(?:\b(?:the|my)\s+(?:(?:final|correct|right|best)\s+)?answer(?:\s+to\s+[^.!?:]{1,80})?\s+(?:is|would be|must be)` +
    String.raw`(?:\s+(?:therefore|thus|simply|clearly))?|\bdie\s+(?:richtige\s+)?antwort\s+(?:ist|lautet)|\bla\s+(?:bonne\s+)?réponse\s+est` +
    String.raw`|\bla\s+respuesta\s+(?:correcta\s+)?es|\bla\s+risposta\s+(?:corretta\s+)?è|\ba\s+resposta\s+(?:correta\s+)?é` +
    String.raw`|答案[是为為]|(?:答え|正解)は|정답은)(?!\p{Script=Latin})\s*[::]?\s*`,
  "giu",
);
/** A word of every such sentence. Most lines have none, and are not searched further. */
const sentenceWord = /answer|antwort|réponse|respuesta|risposta|resposta|答案|答え|正解|정답/iu;
const negated = /^[*_\s]*(?:not|nicht|pas|no)\s/iu;
// Not behind a title or an initial: `Dr. Who`, `J. K. Rowling`.
const sentenceEnd = /(?<!(?<!\p{L})(?:Mr|Mrs|Ms|Dr|Prof|St|Mt|Jr|Sr|vs|approx|ca|\p{Lu}))[.!?](?=\s|$)|。/u;

/**
 * The part of a text that is marked as its final answer: a field of a JSON object, a line `Answer: …`, `A: …` or
 * `#### …`, what follows a heading `Answer`, a sentence `The answer is …`, `<answer>…</answer>`, or `\boxed{…}`, some of
 * them in other languages too. The last mark counts; `The answer is not …` is none. Null when there is no mark; empty
 * when nothing is marked.
 */
export function markedAnswer(text: string): string | null {
  const searched = text.length > MAX_SEARCHED ? text.slice(-MAX_SEARCHED) : text;
  const field = jsonField(searched);
  if (field !== null) return field;
  const lines = searched.split(/\r\n|\r|\n/);
  const hasOptions = lines.some((l) => /^\s*B[:.)]/.test(l));
  for (const [index, text] of [...lines.entries()].toReversed()) {
    const marked = markInLine(text, () => firstLine(lines, index + 1), hasOptions);
    if (marked !== null && marked !== "") return marked;
  }
  return isEmptyMark(text) ? "" : null;
}

/** What is marked in a line. `after`: the line behind it. */
function markInLine(text: string, after: () => string, hasOptions: boolean): string | null {
  if (text.length > 10_000) return null;
  const marked = lastBoxed(text) ?? lastTag(text);
  if (marked !== null) return marked;
  const hashes = /^\s*####\s*(?<rest>[^\s#].*)$/u.exec(text)?.groups?.["rest"];
  if (hashes !== undefined) return hashes.trim();
  const { word = "", rest = "" } = line.exec(text)?.groups ?? {};
  if (word !== "" && !(hasOptions && word.toLowerCase() === "a")) {
    return nested(tidy(rest) || after());
  }
  return heading.test(text) ? nested(after()) : saidAnswer(text);
}

/** What a mark marks may be marked again: `Answer: **The answer is 42**`. */
function nested(text: string): string {
  return text === "" ? "" : (markedAnswer(text) ?? text);
}

/** The first line from a place on that says something. */
function firstLine(lines: readonly string[], from: number): string {
  for (let at = from; at < lines.length; at++) {
    const said = tidy(lines[at] ?? "");
    if (said !== "") return said;
  }
  return "";
}

function saidAnswer(text: string): string | null {
  const said = sentenceWord.test(text) ? [...text.matchAll(sentence)].at(-1) : undefined;
  if (said === undefined) return null;
  const rest = text.slice(said.index + said[0].length);
  if (negated.test(rest)) return null;
  const end = rest.search(sentenceEnd);
  return tidy(end < 0 ? rest : rest.slice(0, end)).replace(/(?:です|だ|입니다|이다)$/u, "");
}

/** Whether a text is a mark, and nothing is marked. */
function isEmptyMark(text: string): boolean {
  if (text.length > 200) return false;
  return /^(?:[\s>*_#-]*(?:(?:the|my)\s+)?(?:final\s+)?answer(?:\s+is)?[\s*_]*[::][\s*_]*|\s*#{3,6}\s*|\$*\\boxed\{\s*\}\$*\.?)$/iu.test(
    text.trim(),
  );
}

/** A text without Markdown and LaTeX marks, quotes and final punctuation around it. */
export function tidy(text: string): string {
  const bare = stripped(plainLatex(text), isMark).replace(/^\$(.*)\$$/u, "$1");
  return stripped(stripped(bare, isFinal, { atEndOnly: true }), isMark);
}

const isMark = (c: string): boolean => c.trim() === "" || "*_`\"'“”‘’«»".includes(c);
const isFinal = (c: string): boolean => c.trim() === "" || ".!。!".includes(c);

/** A text without such characters around it. By hand: a pattern with an open end takes quadratic time on hostile text. */
function stripped(text: string, isLeftOut: (c: string) => boolean, { atEndOnly = false } = {}): string {
  let [start, end] = [0, text.length];
  while (!atEndOnly && start < end && isLeftOut(text.charAt(start))) start++;
  while (end > start && isLeftOut(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

function lastTag(text: string): string | null {
  const rest = text.includes("</") ? [...text.matchAll(tag)].at(-1)?.groups?.["rest"] : undefined;
  return rest === undefined ? null : tidy(rest) || null;
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

/** What an object says that is the whole text, or stands in a code fence at its end. Empty when it says nothing. */
function jsonField(text: string): string | null {
  const trimmed = text.trim();
  const fenced = trimmed.endsWith("```") ? (wholeFence(trimmed) ?? lastFence(trimmed)) : null;
  const object = parseObject((fenced ?? trimmed).trim());
  if (object === null) return null;
  for (const name of ["final_answer", "finalAnswer", "answer", "result", "value"]) {
    if (!Object.hasOwn(object, name)) continue;
    const value = object[name];
    if (value === null) return "";
    return typeof value === "string" ? value.trim() : JSON.stringify(value);
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
