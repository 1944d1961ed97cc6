import { plainNumbers, findNumbers } from "./numbers.js";

const articles = new Set(["a", "an", "the"]);

/** Letters that no normal form takes apart. */
const letters: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ı: "i",
};

/** Longer texts are compared as they are. */
export const MAX_NORMALISED = 32_000;

/**
 * The words of a text, ready to be compared: lower case, without accents, articles, Markdown and punctuation; numbers,
 * initials (`J. K.` as `jk`) and negations (`can't` as `can not`) written in one way. Text without a letter or digit stays as it is. Doing it twice changes nothing.
 * Text of more than 32,000 characters is only trimmed.
 */
export function normaliseText(text: string): string {
  if (text.length > MAX_NORMALISED) return text.trim();
  let current = text;
  // One pass can make room for another (a number word next to a mark that went away), so it runs until nothing changes.
  for (let i = 0; i < 8; i++) {
    const next = pass(current);
    if (next === current) break;
    current = next;
  }
  return current;
}

function pass(text: string): string {
  const words = plainNumbers(text)
    .toLowerCase()
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .normalize("NFKC")
    .replace(/[ßæœøłđðþı]/g, (letter) => letters[letter] ?? letter)
    .replace(/(?<![\p{L}\p{N}])\p{L}\.(?:\s?\p{L}\.)+/gu, (run) => `${run.replace(/[.\s]/g, "")} `)
    .replace(/(?<!\p{L})(?:can['’]t|cannot)(?!\p{L})/gu, "can not")
    .replace(/(?<!\p{L})won['’]t(?!\p{L})/gu, "will not")
    .replace(/(?<=\p{L})n['’]t(?!\p{L})/gu, " not");
  const tokens = tokensOf(words);
  if (tokens.length === 0) return text.trim();
  // At the end it is no article: `vitamin A`.
  const kept = tokens.filter(
    (token, i) => !articles.has(token) || (token === "a" && i === tokens.length - 1),
  );
  return (kept.length === 0 ? tokens : kept).join(" ");
}

/** Numbers first, whole; the text between them in words. */
function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  let at = 0;
  for (const number of findNumbers(text)) {
    tokens.push(...wordsOf(text.slice(at, number.start)), number.key);
    at = number.end;
  }
  tokens.push(...wordsOf(text.slice(at)));
  return tokens;
}

function wordsOf(text: string): readonly string[] {
  return text.replace(/(?<=\p{L})['’](?=\p{L})/gu, "").match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}
