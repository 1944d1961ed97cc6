import { plainDigits } from "./digits.js";
import { tidy } from "./final-answer.js";
import { findNumbers, type FoundNumber, plainNumbers } from "./numbers.js";

/** No longer text is a name or a list of numbers. */
const BRIEF = 120;

const name = String.raw`\p{Lu}\p{Ll}[\p{Ll}'’]*`;
const named = new RegExp(String.raw`^(?:(?:the|The)\s+)?(?:\d+\s+)?${name}\s+${name}(?![\p{L}'’])`, "u");
const item = String.raw`[\s([{]*(?:\p{L}\w{0,2}\s*=\s*)?#[\s)\]}]*`;
const list = new RegExp(String.raw`^${item}(?:(?:[,;&]|\bor\b|,?\s*\band\b)${item})+\.?$`, "u");

/** Whether a short text is a proper name with a number: `World War 2`, `10 Downing Street`. `Total distance 42` is none. */
function isNamed(text: string): boolean {
  return named.test(text) && !/[=:]|\s(?:is|are|was|were|equals)\s/iu.test(text);
}

/** Whether a text is a list of numbers that differ, and nothing else. */
function isSeveralNumbers(plain: string): boolean {
  const numbers = findNumbers(plain);
  if (new Set(numbers.map(({ key }) => key)).size < 2) return false;
  const starts = numbers.map(({ start }) => start);
  const marked = numbers.map(({ end }, i) => `#${plain.slice(end, starts[i + 1])}`).join("");
  return list.test(plain.slice(0, starts[0]) + marked);
}

/** The number that a text answers, where it must be one. `marked`: its final answer, when it has a mark. */
export function numberOf(text: string, marked: string | null): string | null {
  const brief = tidy(marked ?? text);
  if (brief.length <= BRIEF && isSeveralNumbers(plainDigits(brief))) return null;
  return (
    (marked === null ? null : markedNumber(marked)) ?? lastNumber(text) ?? lastNumberIn(plainNumbers(text))
  );
}

/** The number that a text answers, where it may answer something else: not a name, not a list, and not deep in prose. */
export function onlyNumberOf(text: string, marked: string | null): string | null {
  const brief = tidy(marked ?? text);
  const plain = brief.length <= BRIEF ? plainDigits(brief) : "";
  if (isNamed(plain) || isSeveralNumbers(plain)) return null;
  return marked === null ? unmarkedNumber(text) : markedNumber(marked);
}

/** The number that a final answer begins with, unless a sum leads to it (`6 * 7 = 42`); else its last one. */
function markedNumber(text: string): string | null {
  const plain = plainDigits(tidy(text));
  const result = plain.slice(plain.lastIndexOf("=") + 1);
  const first = findNumbers(result)[0];
  const leads = first !== undefined && result.slice(0, first.start).trim() === "";
  return (leads ? first.key : null) ?? writtenOut(text) ?? lastNumberIn(result) ?? lastNumberIn(plain);
}

/** The last number of a short text; of a long one, only a number in its last line is its answer. */
function unmarkedNumber(text: string): string | null {
  if (text.length <= 1_000) return lastNumber(text) ?? writtenOut(text);
  const trimmed = text.trimEnd();
  return lastNumber(trimmed.slice(trimmed.lastIndexOf("\n") + 1).slice(-1_000));
}

/** The last number in digits. The marks of a list are none, and a remark behind it (`42 (6 boxes of 7)`) has none. */
function lastNumber(text: string): string | null {
  const mark = /^[ \t]*\d{1,3}[.)][ \t]+(?=\S)/gm;
  const isList = (text.match(mark)?.length ?? 0) > 1;
  const remark = /(?<=\d[^.!?\n()\d]{0,80})\([^()\n]{0,200}\p{L}[^()\n]{0,200}\)/gu;
  return lastNumberIn(plainDigits(isList ? text.replace(mark, "") : text).replace(remark, ""));
}

/** The number in words that a few words begin with: `one thousand metres`. Not in a longer text. */
function writtenOut(text: string): string | null {
  const short = tidy(text);
  if (short.length > 120 || short.split(/\s+/).length > 10) return null;
  const plain = plainNumbers(short);
  const first = findNumbers(plain)[0];
  const words = first === undefined ? "" : plain.slice(first.end).trim();
  return first?.start === 0 && words.split(/\s+/).length <= 2 ? first.key : null;
}

/** The last number of a text that is not said not to be it: `not 41 but 42`, `42, not 41`. */
function lastNumberIn(text: string): string | null {
  const isDenied = ({ start }: FoundNumber): boolean =>
    /(?:\bnot|n['’]t)\s+[*_`$("]{0,3}$/i.test(text.slice(Math.max(0, start - 20), start));
  return findNumbers(text).findLast((number) => !isDenied(number))?.key ?? null;
}
