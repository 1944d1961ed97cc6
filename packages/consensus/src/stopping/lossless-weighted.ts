import type { Ballot } from "../answers/ballots.js";
import { compareByHash } from "../voting/stable-hash.js";
import { sumOf } from "../voting/tally.js";
import { hasAccuracies, unitsOf, type Voice, weightedStandings } from "../voting/weighted.js";
import type { VotesSoFar } from "./lossless.js";

/**
 * Whether no completion changes the winner of `weightedStandings`.
 *
 * Where some accuracies are unknown, who answers decides whether log-odds or the configured weights count: the winner
 * must be safe by both then.
 */
export function isWeightDecided({ ballots, outstanding }: VotesSoFar): boolean {
  const winner = weightedStandings(ballots)[0]?.key;
  if (winner === undefined) return false;
  if (!hasAccuracies(ballots)) return isSafe(winner, ballots, outstanding, null);
  const known = outstanding.filter(({ accuracy }) => accuracy !== undefined);
  const areAllKnown = known.length === outstanding.length;
  return (
    (areAllKnown || isSafe(winner, ballots, outstanding, null)) &&
    optionCounts(ballots, known.length).every((options) => isSafe(winner, ballots, known, options))
  );
}

/** Every number of options that there can be in the end: texts may all turn out the same, or each stand alone. */
function optionCounts(ballots: readonly Ballot[], outstanding: number): readonly number[] {
  const { keys, texts } = optionsIn(ballots);
  const least = Math.max(2, keys.length + Math.min(1, texts.length));
  const most = Math.max(2, keys.length + texts.length + outstanding);
  return Array.from({ length: most - least + 1 }, (_, i) => least + i);
}

/** Whether the winner stays ahead of everything when weights are those among so many options. */
function isSafe(
  winner: string,
  ballots: readonly Ballot[],
  outstanding: readonly Voice[],
  options: number | null,
): boolean {
  const { keys, texts } = optionsIn(ballots);
  if (!keys.includes(winner)) return false;
  const sumFor = (key: string): number =>
    sumOf(ballots.filter((b) => b.counted && b.answerKey === key).map((b) => unitsOf(b, options)));
  const lead = sumFor(winner);
  const voices = outstanding
    .map((voice) => ({ voice, units: unitsOf(voice, options) }))
    .toSorted((a, b) => Math.abs(a.units) - Math.abs(b.units));
  // Votes that must be cast for yet other options, so that there are so many. The lightest are: they move least.
  const scattered = (seen: number): number =>
    options === null || options === 2 ? 0 : Math.max(0, options - seen);
  const seen = keys.length + texts.length;

  const named = keys.filter((key) => key !== winner);
  const swing = swingOf(voices.slice(scattered(seen)));
  if (!named.every((key) => isAhead(lead - sumFor(key) - swing, winner, key))) return false;
  if (texts.length > 0) {
    const together = sumOf(texts.map((text) => Math.max(0, unitsOf(text, options))));
    return lead > together + swingOf(voices.slice(scattered(seen + 1)));
  }
  if (options !== null && options <= seen) return true;
  // Samples of one member weigh the same: each weight is tried once.
  const namers = new Map(voices.map((voice) => [voice.units, voice])).values();
  return [...namers].every((namer) => {
    const others = voices.filter((voice) => voice !== namer);
    const needed = scattered(seen + 1);
    return needed > others.length || lead > mostFor(namer, options) + swingOf(others.slice(needed));
  });
}

interface Weighed {
  readonly voice: Voice;
  readonly units: number;
}

/** How far votes can move a rival against the winner: those that weigh less than 0 do it by voting for the winner. */
function swingOf(voices: readonly Weighed[]): number {
  return sumOf(voices.map(({ units }) => Math.abs(units)));
}

/** The most that who names a new option does for it: below 0, a cut answer is the lesser evil. */
function mostFor({ voice, units }: Weighed, options: number | null): number {
  return Math.max(units, unitsOf({ ...voice, truncated: true }, options));
}

function isAhead(lead: number, winner: string, rival: string): boolean {
  return lead > 0 || (lead === 0 && compareByHash(winner, rival) < 0);
}

/** The keys that stay as they are, each once, and the votes for texts, which are clustered anew with every vote. */
function optionsIn(ballots: readonly Ballot[]): {
  readonly keys: readonly string[];
  readonly texts: readonly Ballot[];
} {
  const counted = ballots.filter((ballot) => ballot.counted);
  const texts = counted.filter((ballot) => ballot.kind === "text");
  const others = counted.filter((ballot) => ballot.kind !== "text");
  return { keys: [...new Set(others.map((ballot) => ballot.answerKey))], texts };
}
