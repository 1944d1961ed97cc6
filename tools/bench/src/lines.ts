import type { Cell, VariantName } from "./rows/cell.js";
import type { Sample } from "./sample.js";
import { type Spread, spread } from "./stats.js";

/** The samples of one repeat. */
export type Repeat = ReadonlyMap<VariantName, Sample>;

/**
 * One variant in one cell, over all repeats. Times in milliseconds, CPU in milliseconds per request.
 *
 * Differences and ratios are made within each repeat, then summed up. Null: it has no meaning here.
 */
export interface Line {
  readonly cell: Cell;
  readonly variant: VariantName;
  readonly p50: Spread | null;
  /** p50 above the direct call's. */
  readonly addedP50: Spread | null;
  /**
   * Added p50 over the floor's added p50. Null where the floor adds too little to divide by, and where the upstream itself
   * takes longer than what is compared.
   */
  readonly addedP50Ratio: Spread | null;
  readonly addedP99: Spread | null;
  readonly firstToken: Spread | null;
  readonly addedFirstToken: Spread | null;
  /** Time to the first token above the floor's. */
  readonly firstTokenOverFloor: Spread | null;
  /** p50 above the time that the upstream takes by itself. */
  readonly overUpstream: Spread | null;
  /** p50 over that time; null where it is 0. */
  readonly upstreamRatio: Spread | null;
  readonly cpu: Spread | null;
  readonly cpuOverFloor: Spread | null;
  readonly cpuRatio: Spread | null;
  /** CPU above the all-in-one's. */
  readonly cpuOverAllInOne: Spread | null;
  readonly clientCpu: Spread | null;
  readonly upstreamCpu: Spread | null;
  readonly perSecond: Spread | null;
  /** Over the peer's. */
  readonly perSecondOverPeer: Spread | null;
  readonly cpuOverPeer: Spread | null;
  /** Added time to the first token over the peer's added one. */
  readonly addedFirstTokenOverPeer: Spread | null;
  readonly upstreamCalls: Spread | null;
  readonly peak: Spread | null;
}

/** Below this a floor's addition is noise, in milliseconds, and no divisor. */
const leastDivisorMs = 0.02;

/** Sums up one variant over the repeats in which it was measured. */
export function lineOf(cell: Cell, variant: VariantName, repeats: readonly Repeat[]): Line {
  type Read = (own: Sample, other: (name: VariantName) => Sample | undefined) => number | null;
  const over = (read: Read): Spread | null =>
    spread(
      repeats.flatMap((repeat) => {
        const own = repeat.get(variant);
        return own === undefined ? [] : [read(own, (name) => repeat.get(name))];
      }),
    );
  const overPeer = (
    read: (own: Sample, peer: Sample, direct: Sample | undefined) => number | null,
  ): Spread | null =>
    over((own, other) => {
      const peer = other("portkey");
      return peer === undefined || variant === "portkey" || variant === "direct"
        ? null
        : read(own, peer, other("direct"));
    });
  const isFloor = variant === cell.floor;
  const added = (sample: Sample, direct: Sample | undefined): number | null =>
    variant === "direct" ? null : minus(sample.p50, direct?.p50);

  return {
    cell,
    variant,
    p50: over((own) => own.p50),
    addedP50: over((own, other) => added(own, other("direct"))),
    addedP50Ratio: over((own, other) => {
      const floor = other(cell.floor);
      return isFloor || floor === undefined || cell.upstreamMs > 0
        ? null
        : divide(added(own, other("direct")), added(floor, other("direct")));
    }),
    addedP99: over((own, other) => (variant === "direct" ? null : minus(own.p99, other("direct")?.p99))),
    firstToken: over((own) => own.firstToken),
    addedFirstToken: over((own, other) =>
      variant === "direct" ? null : minus(own.firstToken, other("direct")?.firstToken),
    ),
    firstTokenOverFloor: over((own, other) =>
      isFloor ? null : minus(own.firstToken, other(cell.floor)?.firstToken),
    ),
    overUpstream: over((own) => own.p50 - cell.upstreamMs),
    upstreamRatio: over((own) => divide(own.p50, cell.upstreamMs)),
    cpu: over((own) => own.cpu),
    cpuOverFloor: over((own, other) => (isFloor ? null : minus(own.cpu, other(cell.floor)?.cpu))),
    cpuRatio: over((own, other) => (isFloor ? null : divide(own.cpu, other(cell.floor)?.cpu ?? null))),
    cpuOverAllInOne: over((own, other) =>
      variant === "cluster" ? minus(own.cpu, other("all-in-one")?.cpu) : null,
    ),
    clientCpu: over((own) => own.clientCpu),
    upstreamCpu: over((own) => own.upstreamCpu),
    perSecond: over((own) => own.perSecond),
    perSecondOverPeer: overPeer((own, peer) => divide(own.perSecond, peer.perSecond)),
    cpuOverPeer: overPeer((own, peer) => divide(own.cpu, peer.cpu)),
    addedFirstTokenOverPeer: overPeer((own, peer, direct) =>
      divide(minus(own.firstToken, direct?.firstToken), minus(peer.firstToken, direct?.firstToken)),
    ),
    upstreamCalls: over((own) => own.upstreamCalls),
    peak: over((own) => own.peak),
  };
}

function minus(a: number | null, b: number | null | undefined): number | null {
  return a === null || b === null || b === undefined ? null : a - b;
}

function divide(a: number | null, b: number | null): number | null {
  return a === null || b === null || b < leastDivisorMs ? null : a / b;
}
