import { findNumbers, plainNumbers } from "./numbers.js";
import { MAX_NORMALISED, normaliseText } from "./plain-text.js";

/** What is compared of a text. */
export interface TextTraits {
  readonly normalised: string;
  readonly words: ReadonlySet<string>;
  readonly numbers: string;
  /** How many words negate. */
  readonly negations: number;
  readonly names: ReadonlySet<string>;
}

/** Words beyond this are not compared: answers so long are never called the same by chance. */
const MAX_WORDS = 4_000;

/** Texts of which at least this share of words is common say the same, unless a veto says otherwise. */
const MIN_OVERLAP = 0.6;

/** How alike a short answer and a sentence that says it are: they may be joined, paraphrases come first. */
const NAMED = 0.75;

const copulas = ["is", "are", "was", "were", "est", "sont", "ist", "sind", "es", "son", "e", "é", "это"];

const reversing = new Set([...copulas, "be", "been", "and", "or", "by", "und", "et", "y"]);

const fillers = new Set(
  (
    "is are was were be been being am it its this that these those there here of in on at to for from by with as and or " +
    "so then thus therefore which who whom whose what you your we our they their he she his her i my me will would do does " +
    "did has have had just very also answer final"
  ).split(" "),
);

const negations =
  /(?<![\p{L}])(?:no|not|never|none|nobody|nothing|neither|nor|cannot|without|lack|lacks|false|incorrect|wrong|\p{L}+n't|dont|doesnt|didnt|isnt|arent|wasnt|werent|cant|wont|nicht|kein|keine|keinen|nie|ne|pas|jamais|non|nunca|jamás|não|nao|mai|не|нет|ни|nie)(?!\p{L})|[不没沒無无非未]|ない|ません/giu;

const opposites = (
  "increase decrease|increases decreases|increasing decreasing|rise fall|rises falls|higher lower|high low|more less|" +
  "most least|above below|before after|left right|up down|true false|yes no|always never|first last|earlier later|larger smaller|" +
  "bigger smaller|greater smaller|greater less|hot cold|hotter colder|warmer colder|faster slower|positive negative|odd even|" +
  "safe unsafe|legal illegal|possible impossible|allowed forbidden|open closed|win lose|buy sell|north south|east west|" +
  "maximum minimum|inside outside|accept reject|accepted rejected|pass fail|alive dead|male female|same different"
)
  .split("|")
  .map((pair) => pair.split(" "));

/** Reads from a text what is compared. */
export function traitsOf(text: string): TextTraits {
  const normalised = normaliseText(text).replace(/^(?:its|it is|thats|that is|this is) (?=\S)/, "");
  if (text.length > MAX_NORMALISED) {
    return { normalised, words: new Set([normalised]), numbers: "", negations: 0, names: new Set() };
  }
  const words = normalised.split(" ", MAX_WORDS);
  const names = namesOf(text);
  const content = words.filter((word) => !fillers.has(word)).flatMap(pieces);
  return {
    normalised,
    // A name may look like a filler or an article: `Hepatitis A`.
    words: new Set([...(content.length === 0 ? words : content), ...names]),
    numbers: [...new Set(findNumbers(plainNumbers(text)).map((n) => n.key))].toSorted().join(" "),
    negations: text.replaceAll("’", "'").match(negations)?.length ?? 0,
    names,
  };
}

/** How much two texts have in common, 0 to 1; 0 when something on one side alone forbids to call them the same. */
export function likeness(a: TextTraits, b: TextTraits): number {
  if (a.normalised === b.normalised) return 1;
  if (a.numbers !== b.numbers || !isNegatedAlike(a, b)) return 0;
  if (isNamedBy(a, b) || isNamedBy(b, a)) return NAMED;
  const common = [...a.words].filter((word) => b.words.has(word)).length;
  const overlap = common / (a.words.size + b.words.size - common);
  return isAlike(overlap) && vetoed(a, b) ? 0 : overlap;
}

/** Whether both negate or neither does, double negation considered. */
export function isNegatedAlike(a: TextTraits, b: TextTraits): boolean {
  return a.negations > 0 === b.negations > 0 && a.negations % 2 === b.negations % 2;
}

/** Whether a likeness is enough to call two texts the same. */
export function isAlike(value: number): boolean {
  return value >= MIN_OVERLAP;
}

/** Whether the long text is the short one in a sentence: `Paris` in `The capital of France is Paris`. */
function isNamedBy(short: TextTraits, long: TextTraits): boolean {
  const { normalised } = short;
  if (short.words.size > 8 || [...short.words].every((word) => fillers.has(word))) return false;
  return copulas.some(
    (verb) =>
      long.normalised.startsWith(`${normalised} ${verb} `) ||
      long.normalised.endsWith(` ${verb} ${normalised}`),
  );
}

/** Another name, another word in the same place, two that changed places, or words that are opposites. */
function vetoed(a: TextTraits, b: TextTraits): boolean {
  const onlyA = [...a.words].filter((word) => !b.words.has(word));
  const onlyB = [...b.words].filter((word) => !a.words.has(word));
  if (onlyA.some((word) => a.names.has(word)) && onlyB.some((word) => b.names.has(word))) return true;
  return hasChangedPlaces(a, b) || opposed(new Set(onlyA), new Set(onlyB));
}

/** Whether two words look like forms of one: `expand` and `expands`, `mitochondria` and `mitochondrion`. */
function isInflected(a: string, b: string): boolean {
  const length = Math.max(3, Math.ceil(Math.max(a.length, b.length) * 0.6));
  return a.slice(0, length) === b.slice(0, length);
}

/**
 * Whether one word stands in the place of another, all else being the same (`it will rain today`, `it will snow today`),
 * or two words changed places (`the boy hit the girl`, `the girl hit the boy`). Not two words of a list, and not where a
 * verb joins two sides that are the same (`is`) or turns them round (`was won by`), unless it compares.
 */
function hasChangedPlaces(a: TextTraits, b: TextTraits): boolean {
  const [first, second] = [sequenceOf(a), sequenceOf(b)];
  if (first.length !== second.length || first.length === 1) return false;
  const changed = first.flatMap((word, i) => {
    const other = second[i];
    return other === undefined || other === word ? [] : [{ word, other }];
  });
  const [one, two, ...more] = changed;
  if (one === undefined || more.length > 0) return false;
  if (two === undefined) return !isInflected(one.word, one.other);
  const isSwap = one.word === two.other && two.word === one.other;
  return isSwap && [a, b].every(({ normalised }) => !isReversible(normalised));
}

function sequenceOf({ normalised }: TextTraits): readonly string[] {
  return normalised.split(" ", MAX_WORDS).filter((word) => !fillers.has(word));
}

function isReversible(normalised: string): boolean {
  const words = normalised.split(" ", MAX_WORDS);
  return !words.includes("than") && words.some((word) => reversing.has(word));
}

function opposed(onlyA: ReadonlySet<string>, onlyB: ReadonlySet<string>): boolean {
  const either = (x: string, y: string): boolean =>
    (onlyA.has(x) && onlyB.has(y)) || (onlyA.has(y) && onlyB.has(x));
  if (opposites.some(([x = "", y = ""]) => either(x, y))) return true;
  return [...onlyA, ...onlyB].some((word) =>
    ["un", "in", "im", "il", "ir", "non", "dis"].some((prefix) => either(word, prefix + word)),
  );
}

/** Words with a capital that do not begin a sentence, and a capitalised word that is the whole text. */
function namesOf(text: string): ReadonlySet<string> {
  const found = [...text.matchAll(/(?<=[\p{L}\p{N},;:'"’”)\]*_][ \t]+[*_"'“‘(]*)\p{Lu}[\p{L}\p{M}]*/gu)].map(
    (m) => m[0],
  );
  const trimmed = text.trim();
  if (/^\p{Lu}[\p{L}\p{M}]*$/u.test(trimmed)) found.push(trimmed);
  return new Set(found.map((name) => normaliseText(name)));
}

/** Scripts without spaces are compared in pairs of characters. */
function pieces(word: string): readonly string[] {
  if (!/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(word)) return [word];
  const chars = [...word];
  return chars.length < 3 ? [word] : chars.slice(1).map((_, i) => chars.slice(i, i + 2).join(""));
}
