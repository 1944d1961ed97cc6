const MARKED = /^[>*_# -]{0,8}(?:the )?(?:final )?answer ?[*_]{0,3} ?: ?[*_]{0,3} ?(\S.*)$/i;
const NUMBER = /^[-−]?\d+(?:\.\d+)?$/;
const NUMBER_WITH_UNIT = /^([-−]?\d+(?:\.\d+)?)\s*(?:%|°?[\p{L} ]{1,24}|[\p{L}]+\/[\p{L}]+)$/u;

/** The most characters of a line or an answer that are read. */
const MAX_READ = 2_000;

/** Every final answer that a text marks with `Answer:` at the beginning of a line, in order. */
export function finalAnswers(text: string): string[] {
  return text.split("\n").flatMap((line) => {
    const marked = MARKED.exec(line.slice(0, MAX_READ).trim())?.[1];
    return marked === undefined ? [] : [marked.replace(/[*_ ]{1,8}$/, "")];
  });
}

/** The last final answer of a text; nothing when none is marked. */
export function finalAnswer(text: string): string | undefined {
  return finalAnswers(text).at(-1);
}

/** An answer as it is compared: without case, articles, thousands separators, units, punctuation at its end. */
export function comparable(answer: string): string {
  const plain = answer
    .slice(0, MAX_READ)
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[\s"'“”‘’.!?]+$/gu, "")
    .replace(/^["'“”‘’$€£\s]+/gu, "")
    .replace(/^(?:the|an?)\s+/u, "")
    .replace(/(?<=\d),(?=\d{3}(?!\d))/gu, "")
    .replace(/\s+/gu, " ");
  const numeral = NUMBER.test(plain) ? plain : NUMBER_WITH_UNIT.exec(plain)?.[1];
  return numeral === undefined ? plain : plainNumeral(numeral);
}

/** `007.50` is `7.5`, `-0` is `0`. */
function plainNumeral(numeral: string): string {
  const negative = /^[-−]/.test(numeral);
  const [digits = "0", fraction = ""] = numeral.replace(/^[-−]/, "").split(".");
  const size = digits.replace(/^0+(?=\d)/, "");
  const rest = fraction.replace(/0+$/, "");
  const plain = rest === "" ? size : `${size}.${rest}`;
  return negative && plain !== "0" ? `-${plain}` : plain;
}
