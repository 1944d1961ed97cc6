import { lineOf, type Repeat } from "../lines.js";
import type { VariantName } from "../rows/cell.js";
import { passThroughCells } from "../rows/pass-through.js";
import type { Sample } from "../sample.js";

/** A cell to make lines of. */
export const cell = firstOf(passThroughCells({ quick: true, peers: false, repeats: 3 }));

/** What a made-up repeat may have otherwise. */
export interface RepeatChanges {
  /** p50 of the bare proxy in milliseconds, on a machine of slowness 1. */
  readonly proxy?: number;
  readonly peer?: boolean;
  readonly firstTokens?: boolean;
}

/** A made-up repeat on a machine that is so many times slower than another. */
export function repeat(slowness: number, changes: RepeatChanges = {}): Repeat {
  const { proxy = 1.5, peer = true, firstTokens = false } = changes;
  const sample = (p50: number, cpu: number | null, perSecond: number): Sample => ({
    p50: p50 * slowness,
    p99: p50 * slowness * 2,
    firstToken: firstTokens ? p50 * slowness : null,
    perSecond: perSecond / slowness,
    peak: 1,
    cpu,
    clientCpu: 0.1,
    upstreamCpu: 0.1,
    upstreamCalls: 1,
  });
  return new Map<VariantName, Sample>([
    ["direct", sample(1, null, 10_000)],
    ["bare proxy", sample(proxy, 0.1, 8_000)],
    ...(peer ? [["portkey", sample(28, 0.8, 500)] as const] : []),
    ["all-in-one", sample(1.9, 0.2, 3_000)],
    ["cluster", sample(4, 1.7, 700)],
  ]);
}

const names: readonly VariantName[] = ["direct", "bare proxy", "portkey", "all-in-one", "cluster"];

/** One line per variant. The machine is twice as slow in the second repeat: ratios within a repeat do not notice. */
export const lines = names.map((name) => lineOf(cell, name, [repeat(1), repeat(2), repeat(1)]));

function firstOf<T>([first]: readonly T[]): T {
  if (first === undefined) throw new Error("There is none.");
  return first;
}
