import type { Json } from "../json/json.js";
import type { SchemaObject } from "../schema/schema.js";
import type { FieldAgreement, Voter } from "../strategies/strategy.js";
import type { Count } from "../schema/work.js";
import type { Alternatives } from "./alternatives.js";
import { compareByHash } from "../voting/stable-hash.js";
import { type Standing, standings, sumOf } from "../voting/tally.js";
import { jsonText } from "../json/write-json.js";

/** What one voter gave at some place of the answer. */
export interface Entry {
  readonly voter: Voter;
  readonly weight: number;
  readonly json: Json;
}

/** What the voters agree on at some place. */
export interface Merged {
  readonly json: Json;
  /** How far they agree on each value there. */
  readonly fields: readonly FieldAgreement[];
  /** Whether values were level, so that weights or a stable hash decided. */
  readonly tieBroken: boolean;
}

/** What all merging of one aggregation works with. */
export interface Merging {
  /** The schemas that all hold where these hold: see `expanded`. Counted. */
  readonly expand: (nodes: readonly unknown[]) => readonly SchemaObject[];
  /** The alternatives of a list of them. Finding that of a value is counted. */
  readonly alternatives: (branches: readonly unknown[]) => Alternatives;
  /** The voters whose answers count, and what they weigh together. */
  readonly electorate: { readonly voters: number; readonly weight: number };
  /** Counts work: values that are merged, schemas that are compared with them. */
  readonly count: Count;
  /** One key for each value: the same for texts that say the same. Values that are no texts are compared exactly. */
  readonly textKeys: (values: readonly Json[]) => readonly string[];
  /**
   * Merges what stands at one place.
   *
   * @param entries 1 or more, at most one of each voter.
   * @param nodes The schemas that hold there.
   * @param path A JSON Pointer.
   */
  merge(entries: readonly Entry[], nodes: readonly unknown[], path: string): Merged;
}

/** Those who gave the winning key, and whether another key was level. */
export interface Plurality<T> {
  readonly winners: readonly T[];
  readonly tieBroken: boolean;
}

/** The plurality of entries by a key: more votes, then weight, then the key's stable hash. */
export function plurality<T extends Entry>(
  entries: readonly T[],
  keyOf: (entry: T, index: number) => string,
): Plurality<T> {
  const keys = entries.map(keyOf);
  if (keys.every((key) => key === keys[0])) return { winners: entries, tieBroken: false };
  const votes = entries.map(({ voter, weight }, index) => ({
    voter,
    answerKey: keys[index] ?? "",
    counted: true,
    weight,
  }));
  const [first, second] = standings(votes);
  return {
    winners: entries.filter((_, index) => keys[index] === first?.key),
    tieBroken: isLevel(first, second),
  };
}

function isLevel(first: Standing | undefined, second: Standing | undefined): boolean {
  return second !== undefined && first?.votes === second.votes;
}

/** The heaviest of entries that mean the same; between equals, the stable hash of the text decides. */
export function heaviest(entries: readonly Entry[]): Json {
  const weight = Math.max(...entries.map((entry) => entry.weight));
  const texts = new Map(
    entries.filter((entry) => entry.weight === weight).map(({ json }) => [jsonText(json), json]),
  );
  const [best] = texts.size === 1 ? texts : [...texts].toSorted(([a], [b]) => compareByHash(a, b));
  return best?.[1] ?? { type: "null" };
}

/** How far the voters agree on a value that these gave. */
export function agreementOf(path: string, givers: readonly Entry[], { electorate }: Merging): FieldAgreement {
  const { voters, weight } = electorate;
  // Equal sums must not differ in their last bit: everyone is exactly 1.
  const agreement =
    givers.length === voters ? 1 : Math.min(1, sumOf(givers.map((giver) => giver.weight)) / weight);
  return { path, agreement, support: givers.length, voters };
}

/** The path of a member or an entry. */
export function pathOf(path: string, part: string | number): string {
  return `${path}/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** What several places come to together. */
export function together(json: Json, parts: readonly Merged[], tieBroken: boolean): Merged {
  return {
    json,
    fields: parts.flatMap((part) => part.fields),
    tieBroken: tieBroken || parts.some((part) => part.tieBroken),
  };
}
