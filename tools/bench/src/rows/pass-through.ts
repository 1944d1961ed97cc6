import { modelOf, type Behaviour } from "../upstream/behaviour.js";
import type { Cell, GoalName, Size } from "./cell.js";

const atOnce: Behaviour = { waitMs: 0, tokens: 20, burst: 20, gapMs: 0 };
const bursts: Behaviour = { waitMs: 0, tokens: 200, burst: 8, gapMs: 4 };

/** One model, asked directly, through a bare proxy, through the peer if there is one, and through Synod in both deployments. */
export function passThroughCells({ quick, peers }: Size): readonly Cell[] {
  const few = (full: number, fast: number): number => (quick ? fast : full);
  const tokens = few(30, 15);
  const paced: Behaviour = { waitMs: 0, tokens, burst: 1, gapMs: 10 };
  const withPeers = (...goals: readonly GoalName[]): readonly GoalName[] => (peers ? goals : []);
  const unary = cellOf(atOnce, false);
  const stream = { ...cellOf(paced, true), warmUp: few(128, 32) };
  return [
    {
      ...unary,
      name: "unary, 1 at once",
      warmUp: few(2_000, 300),
      count: few(400, 60),
      pace: { atOnce: 1 },
      goals: ["P1", "P2", "P9 unary"],
    },
    {
      ...unary,
      name: "unary, 64 at once",
      warmUp: few(300, 128),
      count: few(1_500, 256),
      pace: { atOnce: 64 },
      goals: ["P1", "P2", "P9 unary"],
    },
    {
      ...unary,
      name: `unary, 32 at once for ${few(2, 1)} s`,
      warmUp: few(500, 256),
      count: 100_000,
      pace: { atOnce: 32, forMs: few(2, 1) * 1_000 },
      goals: withPeers("P3 requests"),
    },
    {
      ...stream,
      name: `${tokens} tokens every 10 ms, 1 at once`,
      count: few(4, 2),
      pace: { atOnce: 1 },
      goals: ["P4", ...withPeers("P4 peer")],
    },
    {
      ...stream,
      name: `${tokens} tokens every 10 ms, 64 at once`,
      count: few(192, 64),
      pace: { atOnce: 64, overMs: tokens * 10 },
      goals: ["P2 per token", ...withPeers("P3 stream"), "P4", ...withPeers("P4 peer")],
    },
    {
      ...cellOf(bursts, true),
      name: "200 tokens in bursts of 8, 8 at once",
      warmUp: few(32, 16),
      count: few(48, 16),
      pace: { atOnce: 8, overMs: 100 },
      goals: [...withPeers("P3 stream"), "P4", ...withPeers("P4 peer"), "P9 stream"],
    },
  ];
}

function cellOf(behaviour: Behaviour, stream: boolean) {
  const model = modelOf(behaviour);
  const ask = (id: string): string =>
    JSON.stringify({ model: id, stream, messages: [{ role: "user", content: "What is 6 x 7?" }] });
  return {
    row: "pass-through",
    floor: "bare proxy",
    bodies: {
      direct: ask(model),
      "bare proxy": ask(model),
      portkey: ask(model),
      "all-in-one": ask(`openrouter/${model}`),
      cluster: ask(`openrouter/${model}`),
    },
    stream,
    upstreamCalls: 1,
    upstreamMs: (Math.ceil(behaviour.tokens / behaviour.burst) - 1) * behaviour.gapMs,
    tokens: stream ? behaviour.tokens : 0,
  } as const satisfies Partial<Cell>;
}
