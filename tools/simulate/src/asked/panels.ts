import type { ModelProfile } from "@synod/simulator";

/** A panel whose strategies are compared with its members. */
export interface Panel {
  /** Of small letters: its presets are called by it. */
  readonly name: string;
  /** What it shows, as a sentence. */
  readonly about: string;
  /** The best one first: it is known beforehand, aggregates, and is what the others are compared with. */
  readonly members: readonly ModelProfile[];
}

/** What makes a member. */
interface Traits {
  readonly ability: number;
  /** Its own name when unset: unlike all others. */
  readonly family?: string;
  /** What a prompt's token costs in millionths of a US dollar; an answer's costs four times as much. Default: 0.1. */
  readonly price?: number;
  /** Milliseconds to the first token, in the median. Default: 300. */
  readonly medianMs?: number;
}

function member(panel: string, index: number, traits: Traits): ModelProfile {
  const { ability, price = 0.1, medianMs = 300 } = traits;
  const name = `${panel}-${"abcdefgh".charAt(index)}`;
  const perToken = (micros: number): string => (micros / 1e6).toFixed(9);
  return {
    id: `acme/${name}`,
    name,
    family: traits.family ?? name,
    ability,
    yielding: 0.5,
    latency: { medianMs, sigma: 0.5 },
    tokensPerSecond: 150,
    verbosity: 1,
    price: { prompt: perToken(price), completion: perToken(4 * price) },
    contextLength: 131_072,
  };
}

function panel(name: string, about: string, traits: readonly Traits[]): Panel {
  return { name, about, members: traits.map((each, index) => member(name, index, each)) };
}

const dear = { price: 3, medianMs: 600 };
const kin = { family: "kin" };

/** One panel that gains by voting, and two that do not. */
export const panels: readonly Panel[] = [
  panel("even", "Five members of five families, about equally good. The dearest one is not the best.", [
    { ability: 0.78 },
    { ability: 0.76 },
    { ability: 0.75, ...dear },
    { ability: 0.74 },
    { ability: 0.72 },
  ]),
  panel("strong", "One strong member, which is the dearest, and four weak ones.", [
    { ability: 0.95, ...dear },
    { ability: 0.62 },
    { ability: 0.6 },
    { ability: 0.58 },
    { ability: 0.56 },
  ]),
  panel(
    "kin",
    "Five members of one family: on half of the questions they share their luck, and they make the same mistakes.",
    [
      { ability: 0.84, ...kin },
      { ability: 0.76, ...kin },
      { ability: 0.75, ...kin, ...dear },
      { ability: 0.74, ...kin },
      { ability: 0.72, ...kin },
    ],
  ),
];

/** The id by which Synod asks a member. */
export function modelOf({ id }: ModelProfile): string {
  return `openrouter/${id}`;
}
