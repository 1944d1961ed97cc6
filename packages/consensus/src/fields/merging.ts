import type { Json } from "../json/json.js";
import type { Schema } from "../schema/schema.js";
import type { FieldAgreement, Voter } from "../strategies/strategy.js";
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
  readonly schema: Schema;
  /** The weight of each voter whose answer counts. */
  readonly weights: readonly number[];
  /**
   * Counts work: schemas that are compared with values.
   *
   * @throws TooMuch when there is too much of it.
   */
  readonly count: (work: number) => void;
  /** One key for each entry: the same for texts that say the same. Values that are no texts are compared exactly. */
  readonly textKeys: (entries: readonly Entry[]) => readonly string[];
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
  const votes = entries.map((entry, index) => ({
    voter: entry.voter,
    answerKey: keyOf(entry, index),
    counted: true,
    weight: entry.weight,
  }));
  const [first, second] = standings(votes);
  return {
    winners: entries.filter((_, index) => votes[index]?.answerKey === first?.key),
    tieBroken: isLevel(first, second),
  };
}

function isLevel(first: Standing | undefined, second: Standing | undefined): boolean {
  return second !== undefined && first?.votes === second.votes;
}

/** The heaviest of entries that mean the same; between equals, the stable hash of the text decides. */
export function heaviest(entries: readonly Entry[]): Json {
  const [best] = entries.toSorted(
    (a, b) => b.weight - a.weight || compareByHash(jsonText(a.json), jsonText(b.json)),
  );
  return best?.json ?? { type: "null" };
}

/** How far the voters agree on a value that these gave. */
export function agreementOf(path: string, givers: readonly Entry[], { weights }: Merging): FieldAgreement {
  // Equal sums must not differ in their last bit: everyone is exactly 1.
  const agreement =
    givers.length === weights.length
      ? 1
      : Math.min(1, sumOf(givers.map((giver) => giver.weight)) / sumOf(weights));
  return { path, agreement, support: givers.length, voters: weights.length };
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
