import { modelOf } from "../upstream/behaviour.js";
import type { Cell, Size } from "./cell.js";

/** A panel of five that all answer the same, each after a time of its own. */
interface Panel {
  readonly preset: string;
  /** Milliseconds, ascending. */
  readonly latenciesMs: readonly number[];
  /** Whether the round ends when the others can change nothing: after the third of five equal votes. */
  readonly lossless: boolean;
}

const near = [10, 20, 30, 40, 50];
const all: Panel = { preset: "bench-all", latenciesMs: near, lossless: false };
const three: Panel = { preset: "bench-three", latenciesMs: near, lossless: true };

/** Rounds that are under way at the same time at the peak, and how the panel is slow enough for it. */
function many(quick: boolean): Panel & { readonly rounds: number; readonly everyMs: number } {
  const slowest = quick ? 600 : 2_500;
  const rounds = quick ? 200 : 1_000;
  return {
    preset: "bench-many",
    latenciesMs: [0.6, 0.7, 0.8, 0.9, 1].map((share) => share * slowest),
    lossless: false,
    rounds,
    everyMs: (0.8 * slowest) / rounds,
  };
}

/** The configuration file with the panels of this row. */
export function majorityConfig({ quick }: Size): unknown {
  const preset = (panel: Panel): object => ({
    members: models(panel).map((model) => ({ model: `openrouter/${model}` })),
    aggregation: { strategy: "majority" },
    answer_format: "number",
    stop_early: panel.lossless ? "lossless" : "off",
    grace_ms: 30_000,
  });
  return {
    presets: Object.fromEntries([all, three, many(quick)].map((panel) => [panel.preset, preset(panel)])),
  };
}

/** A majority of five, against a bare fan-out and against the slowest needed member asked directly. */
export function majorityCells({ quick }: Size): readonly Cell[] {
  const few = (full: number, fast: number): number => (quick ? fast : full);
  const crowd = many(quick);
  const warmUp = few(200, 40);
  return [
    {
      ...cellOf(all),
      name: "all five needed, 1 at once",
      warmUp,
      count: few(25, 5),
      pace: { atOnce: 1 },
      goals: [],
    },
    {
      ...cellOf(all),
      name: "all five needed, 8 at once",
      warmUp,
      count: few(160, 32),
      pace: { atOnce: 8 },
      goals: ["P10"],
    },
    {
      ...cellOf(three),
      name: "three of five needed, 8 at once",
      warmUp,
      count: few(160, 32),
      pace: { atOnce: 8 },
      goals: [],
    },
    {
      ...withoutDirect(cellOf(crowd)),
      name: `all five needed, ${crowd.rounds} at once`,
      warmUp: few(40, 10),
      count: crowd.rounds,
      pace: { everyMs: crowd.everyMs },
      goals: quick ? [] : ["P5"],
    },
  ];
}

function cellOf(panel: Panel) {
  const needed = panel.lossless ? 3 : panel.latenciesMs.length;
  const messages = [{ role: "user", content: "What is 6 x 7?" }];
  const run = JSON.stringify({ model: `synod/${panel.preset}`, messages });
  return {
    row: "majority",
    floor: "bare fan-out",
    bodies: {
      direct: JSON.stringify({ model: models(panel)[needed - 1], messages }),
      "bare fan-out": JSON.stringify({ models: models(panel), needed }),
      "all-in-one": run,
      cluster: run,
    },
    stream: false,
    upstreamCalls: panel.latenciesMs.length,
    upstreamMs: panel.latenciesMs[needed - 1] ?? 0,
    tokens: 0,
  } as const satisfies Partial<Cell>;
}

/** A crowd of direct calls would say nothing new: the set latency is what counts. */
function withoutDirect<T extends { bodies: Cell["bodies"] }>(cell: T): T & { bodies: Cell["bodies"] } {
  const { direct: _, ...bodies } = cell.bodies;
  return { ...cell, bodies };
}

function models(panel: Panel): string[] {
  return panel.latenciesMs.map((waitMs) =>
    modelOf({ waitMs: Math.round(waitMs), tokens: 5, burst: 5, gapMs: 0 }),
  );
}
