import type { Field } from "./field.js";
import { type Line, lineOf } from "./lines.js";
import type { Cell, VariantName } from "./rows/cell.js";
import { MeasureError, measure, type Sample, warmUp } from "./sample.js";
import { rotate } from "./stats.js";

const order: readonly VariantName[] = [
  "direct",
  "bare proxy",
  "bare fan-out",
  "portkey",
  "all-in-one",
  "cluster",
];

/** What came of one cell. */
export interface CellResult {
  readonly lines: readonly Line[];
  readonly failures: readonly string[];
  readonly warnings: readonly string[];
}

/** Measures a cell on every variant that runs, in rotating order. A variant that fails is left out from then on. */
export async function measureCell(field: Field, cell: Cell, repeats: number): Promise<CellResult> {
  const failures: string[] = [];
  const broken = new Set<VariantName>();
  const attempt = async <T>(variant: VariantName, action: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof MeasureError)) throw error;
      broken.add(variant);
      failures.push(`${cell.name}, ${error.message}`);
      return undefined;
    }
  };

  const variants = order.filter((name) => cell.bodies[name] !== undefined && field.variants.has(name));
  for (const variant of variants) await attempt(variant, () => warmUp(field, cell, variant, cell.warmUp));
  const samples: Map<VariantName, Sample>[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const taken = new Map<VariantName, Sample>();
    for (const variant of rotate(variants, repeat)) {
      if (broken.has(variant)) continue;
      const sample = await attempt(variant, () => measure(field, cell, variant));
      if (sample !== undefined) taken.set(variant, sample);
    }
    samples.push(taken);
  }

  const lines = variants
    .filter((variant) => !broken.has(variant))
    .map((variant) => lineOf(cell, variant, samples));
  return { lines, failures, warnings: lines.flatMap(oddCalls) };
}

function oddCalls({ cell, variant, upstreamCalls }: Line): readonly string[] {
  const expected = variant === "direct" ? 1 : cell.upstreamCalls;
  if (upstreamCalls === null || (upstreamCalls.min === expected && upstreamCalls.max === expected)) return [];
  return [
    `${cell.name}, ${variant}: ${upstreamCalls.median} upstream calls per request where ${expected} were expected.`,
  ];
}
