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

/**
 * Makes what says how much two of these texts have in common, 0 to 1: 0 when something on one side alone forbids to call
 * them the same, and when it is too little for that anyway. Texts are named by their places.
 */
export function likenessAmong(texts: readonly TextTraits[]): (a: number, b: number) => number {
  const wordIds = new Map<string, number>();
  const idOf = (word: string): number => {
    const id = wordIds.get(word) ?? wordIds.size;
    wordIds.set(word, id);
    return id;
  };
  const interned = texts.map((traits): Interned => ({
    traits,
    words: Int32Array.from(traits.words, idOf).sort(),
    sequence: Int32Array.from(sequenceOf(traits), idOf),
  }));
  const words = [...wordIds.keys()];
  return (a, b) => {
    const [first, second] = [interned[a], interned[b]];
    return first === undefined || second === undefined ? 0 : likeness(first, second, words);
  };
}

/** A text whose words are numbers, which are compared many times as fast. */
interface Interned {
  readonly traits: TextTraits;
  /** Each word once, ascending. */
  readonly words: Int32Array;
  /** The words that are no fillers, as they stand. */
  readonly sequence: Int32Array;
}

function likeness(a: Interned, b: Interned, words: readonly string[]): number {
  if (a.traits.normalised === b.traits.normalised) return 1;
  if (a.traits.numbers !== b.traits.numbers || !isNegatedAlike(a.traits, b.traits)) return 0;
  if (isNamedBy(a.traits, b.traits) || isNamedBy(b.traits, a.traits)) return NAMED;
  const difference = differenceOf(a.words, b.words);
  return difference.overlap > 0 && vetoed(a, b, difference, words) ? 0 : difference.overlap;
}

/** What two sets of words have in common, and what one has alone. */
interface Difference {
  /** The share of common words, 0 to 1; 0 too when it is less than texts need that say the same. */
  readonly overlap: number;
  readonly a: readonly number[];
  readonly b: readonly number[];
}

function differenceOf(a: Int32Array, b: Int32Array): Difference {
  const onlyA: number[] = [];
  const onlyB: number[] = [];
  // When so many words are on one side alone, the others cannot make up for it any more.
  const most = ((a.length + b.length) * (1 - MIN_OVERLAP)) / (1 + MIN_OVERLAP);
  let common = 0;
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const x = a[i] ?? Infinity;
    const y = b[j] ?? Infinity;
    if (x === y) common++;
    if (x < y) onlyA.push(x);
    if (y < x) onlyB.push(y);
    if (x <= y) i++;
    if (y <= x) j++;
    if (onlyA.length + onlyB.length > most + 1) return { overlap: 0, a: [], b: [] };
  }
  const overlap = common / (common + onlyA.length + onlyB.length);
  return isAlike(overlap) ? { overlap, a: onlyA, b: onlyB } : { overlap: 0, a: [], b: [] };
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
function vetoed(a: Interned, b: Interned, difference: Difference, words: readonly string[]): boolean {
  const [onlyA, onlyB] = [difference.a, difference.b].map((ids) => new Set(ids.map((id) => words[id] ?? "")));
  if (onlyA === undefined || onlyB === undefined) return false;
  const hasName = (words: ReadonlySet<string>, { names }: TextTraits): boolean =>
    [...words].some((word) => names.has(word));
  if (hasName(onlyA, a.traits) && hasName(onlyB, b.traits)) return true;
  return hasChangedPlaces(a, b, words) || opposed(onlyA, onlyB);
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
function hasChangedPlaces(a: Interned, b: Interned, words: readonly string[]): boolean {
  const { length } = a.sequence;
  if (length !== b.sequence.length || length === 1) return false;
  const changed: { readonly word: number; readonly other: number }[] = [];
  for (let i = 0; i < length; i++) {
    const [word = 0, other = 0] = [a.sequence[i], b.sequence[i]];
    if (word !== other) changed.push({ word, other });
    if (changed.length > 2) return false;
  }
  const [one, two] = changed;
  if (one === undefined) return false;
  if (two === undefined) return !isInflected(words[one.word] ?? "", words[one.other] ?? "");
  const isSwap = one.word === two.other && two.word === one.other;
  return isSwap && [a, b].every(({ traits }) => !isReversible(traits.normalised));
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
  return reverses(onlyA, onlyB) || reverses(onlyB, onlyA);
}

const prefixes = ["un", "in", "im", "il", "ir", "non", "dis"];

/** Whether a word of the first ones is one of the others with a prefix that reverses it. */
function reverses(words: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  return [...words].some((word) =>
    prefixes.some((prefix) => word.startsWith(prefix) && others.has(word.slice(prefix.length))),
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
