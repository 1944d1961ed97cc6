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

/** A panel so slow that a thousand rounds are under way before the first one ends, though they begin at an even pace. */
const crowd: Panel = {
  preset: "bench-crowd",
  latenciesMs: [3_000, 3_500, 4_000, 4_500, 5_000],
  lossless: false,
};
const crowdRounds = 1_000;
const crowdEveryMs = 4;

/** The presets of this row, for the configuration file. */
export function majorityPresets(): object {
  const preset = (panel: Panel): object => ({
    members: models(panel).map((model) => ({ model: `openrouter/${model}` })),
    aggregation: { strategy: "majority" },
    answer_format: "number",
    stop_early: panel.lossless ? "lossless" : "off",
    grace_ms: 30_000,
  });
  return Object.fromEntries([all, three, crowd].map((panel) => [panel.preset, preset(panel)]));
}

/** A majority of five, against a bare fan-out and against the slowest needed member asked directly. */
export function majorityCells({ quick }: Size): readonly Cell[] {
  const few = (full: number, fast: number): number => (quick ? fast : full);
  const eight = { atOnce: 8, overMs: 50 };
  const usual: Cell = {
    ...cellOf(all),
    name: "all five needed, 8 at once",
    warmUp: 64,
    count: few(80, 24),
    pace: eight,
    goals: ["P10"],
  };
  if (quick) return [usual];
  return [
    { ...usual, name: "all five needed, 1 at once", warmUp: 200, count: 12, pace: { atOnce: 1 }, goals: [] },
    usual,
    {
      ...cellOf(three),
      name: "three of five needed, 8 at once",
      warmUp: 64,
      count: 80,
      pace: eight,
      goals: [],
    },
    {
      ...oneProcessOnly(cellOf(crowd)),
      name: `all five needed, ${crowdRounds} at once`,
      warmUp: 0,
      count: crowdRounds,
      pace: { everyMs: crowdEveryMs },
      goals: ["P5", "P10"],
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

/** The goal for a crowd speaks of one process; a crowd of direct calls would say no more than the set latency. */
function oneProcessOnly<T extends { bodies: Cell["bodies"] }>(cell: T): T & { bodies: Cell["bodies"] } {
  const { direct: _d, cluster: _c, ...bodies } = cell.bodies;
  return { ...cell, bodies };
}

function models(panel: Panel): string[] {
  return panel.latenciesMs.map((waitMs) => modelOf({ waitMs, tokens: 5, burst: 5, gapMs: 0 }));
}
