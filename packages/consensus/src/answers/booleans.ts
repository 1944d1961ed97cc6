import { SHORT } from "./choices.js";
import { tidy } from "./final-answer.js";

const yes = "yes true correct yep yeah yup ja oui si sí sì sim tak да 是 对 はい 예 네 نعم हाँ".split(" ");
const no =
  "no false incorrect untrue wrong nope nah nein non não nie нет 否 不是 いいえ 아니요 아니오 لا नहीं".split(
    " ",
  );

const value = new Map([...yes.map((w) => [w, "true"] as const), ...no.map((w) => [w, "false"] as const)]);
// In prose `wrong` is said of other things too.
const any = new RegExp(
  `(?<![\\p{L}\\p{M}\\p{N}])(${[...value.keys()].filter((w) => w !== "wrong").join("|")})(?![\\p{L}\\p{M}\\p{N}])`,
  "giu",
);
const negation = /(?:\b(?:not|never|cannot|hardly|neither|nicht|pas)|n['’]t)\s+(?:\p{L}+\s+)?$/iu;
/** A choice between both says neither: `yes or no`, `true/false`. */
const both = /(?<!\p{L})(?:yes|true|correct)\s*(?:\/|\bor\b)\s*(?:no|false|incorrect)(?!\p{L})/giu;

/** `true` or `false` by what a text answers, where it must be one. `marked`: its final answer, when it has a mark. */
export function booleanOf(text: string, marked: string | null): string | null {
  for (const candidate of marked === null ? [text] : [marked, text]) {
    const short = candidate.length <= SHORT ? tidy(candidate) : "";
    const found =
      wholeBoolean(short) ??
      booleanLetter(short) ??
      leadingBoolean(candidate) ??
      lastBoolean(candidate.slice(-SHORT));
    if (found !== null) return found;
  }
  return null;
}

/** `true` or `false` when a text is nothing but such a word, or such a word negated: `Not true.` */
export function wholeBoolean(text: string): string | null {
  const letters = text.replace(/[^\p{L}\p{M}]/gu, "").toLowerCase();
  const direct = value.get(letters);
  if (direct !== undefined) return direct;
  const negated = /^\W*not\s+\p{L}+\W*$/iu.test(text) ? value.get(letters.slice(3)) : undefined;
  return negated === undefined ? null : opposite(negated);
}

/** `true` or `false` for the single letters that stand for it: `T`, `Y`, `F`, `N`. */
function booleanLetter(text: string): string | null {
  const letter = /^\W*(?<letter>[tyfn])\W*$/iu.exec(text)?.groups?.["letter"];
  return letter === undefined ? null : String(/[ty]/i.test(letter));
}

/** `true` or `false` when a text begins with such a word and a punctuation mark: `Yes, because …`. */
export function leadingBoolean(text: string): string | null {
  const first = /^[\s*_`"']*(?<word>[\p{L}\p{M}]+)[*_`"']*(?=[,.;:!,。!—–]|\s[-–—])/u.exec(text)?.groups?.[
    "word"
  ];
  return first === undefined ? null : (value.get(first.toLowerCase()) ?? null);
}

/** The last such word of a text. `not true` is `false`, and so is `cannot be true`. */
function lastBoolean(text: string): string | null {
  const decided = text.replace(both, "");
  const last = [...decided.matchAll(any)].at(-1);
  const found = value.get(last?.[1]?.toLowerCase() ?? "");
  if (last === undefined || found === undefined) return null;
  return negation.test(decided.slice(Math.max(0, last.index - 40), last.index)) ? opposite(found) : found;
}

function opposite(boolean: string): string {
  return boolean === "true" ? "false" : "true";
}
