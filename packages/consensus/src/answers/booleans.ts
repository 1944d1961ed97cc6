const yes = [
  "yes",
  "true",
  "correct",
  "ja",
  "oui",
  "si",
  "sí",
  "sì",
  "sim",
  "tak",
  "да",
  "是",
  "对",
  "はい",
  "예",
  "네",
  "نعم",
  "हाँ",
];
const no = [
  "no",
  "false",
  "incorrect",
  "nein",
  "non",
  "não",
  "nie",
  "нет",
  "否",
  "不是",
  "いいえ",
  "아니요",
  "아니오",
  "لا",
  "नहीं",
];

const value = new Map([...yes.map((w) => [w, "true"] as const), ...no.map((w) => [w, "false"] as const)]);
const any = new RegExp(
  `(?<![\\p{L}\\p{M}\\p{N}])(${[...value.keys()].join("|")})(?![\\p{L}\\p{M}\\p{N}])`,
  "giu",
);

/** `true` or `false` when a text is nothing but such a word. */
export function wholeBoolean(text: string): string | null {
  return value.get(text.replace(/[^\p{L}\p{M}]/gu, "").toLowerCase()) ?? null;
}

/** `true` or `false` when a text begins with such a word and a punctuation mark: `Yes, because …`. */
export function leadingBoolean(text: string): string | null {
  const first = /^[\s*_`"']*(?<word>[\p{L}\p{M}]+)[*_`"']*(?=[,.;:!,。!—–]|\s[-–—])/u.exec(text)?.groups?.[
    "word"
  ];
  return first === undefined ? null : (value.get(first.toLowerCase()) ?? null);
}

/** The last such word of a text. `not true` is `false`. */
export function lastBoolean(text: string): string | null {
  const last = [...text.matchAll(any)].at(-1);
  const found = value.get(last?.[1]?.toLowerCase() ?? "");
  if (last === undefined || found === undefined) return null;
  const isNegated = /(?:\bnot|n['’]t|\bnever|\bnicht|\bpas)\s+(?:\p{L}+\s+)?$/iu.test(
    text.slice(Math.max(0, last.index - 40), last.index),
  );
  return isNegated ? (found === "true" ? "false" : "true") : found;
}
