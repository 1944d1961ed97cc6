import type { Line } from "../lines.js";
import type { GoalName, VariantName } from "../rows/cell.js";
import type { Spread } from "../stats.js";
import type { Target } from "./goal.js";

/** A goal of one variant in a cell. */
export interface CellGoal extends Target {
  readonly variant: VariantName;
  readonly read: (line: Line) => Spread | null;
}

type Rest = Pick<CellGoal, "what" | "limit" | "read">;

const ratio = (variant: VariantName, rest: Rest): CellGoal => ({
  variant,
  bound: "at most",
  unit: "x",
  ...rest,
});
const ms = (variant: VariantName, rest: Rest): CellGoal => ({ ...ratio(variant, rest), unit: "ms" });
const atLeast = (variant: VariantName, rest: Rest): CellGoal => ({
  ...ratio(variant, rest),
  bound: "at least",
});

const firstToken = {
  what: "first token above the bare proxy's",
  read: (line: Line) => line.firstTokenOverFloor,
};
const peerFirstToken = {
  what: "added first token over Portkey's",
  limit: 1 / 5,
  read: (line: Line) => line.addedFirstTokenOverPeer,
};
const peerRate = { what: "requests/s over Portkey's", read: (line: Line) => line.perSecondOverPeer };
const hop = { what: "CPU of one hop", read: (line: Line) => line.cpuOverAllInOne };

/** What each goal of a cell asks. */
export const cellGoals: Readonly<Record<GoalName, readonly CellGoal[]>> = {
  P1: [
    ratio("all-in-one", {
      what: "added p50 over the bare proxy's",
      limit: 2,
      read: (line) => line.addedP50Ratio,
    }),
  ],
  P2: [ratio("all-in-one", { what: "CPU over the bare proxy's", limit: 2.5, read: (line) => line.cpuRatio })],
  "P2 per token": [
    ratio("all-in-one", {
      what: "CPU per paced token over the bare proxy's",
      limit: 2,
      read: (line) => line.cpuRatio,
    }),
  ],
  "P3 requests": [
    atLeast("all-in-one", { ...peerRate, limit: 5 }),
    atLeast("cluster", { ...peerRate, limit: 1.5 }),
  ],
  "P3 stream": [
    ratio("all-in-one", { what: "CPU over Portkey's", limit: 0.5, read: (line) => line.cpuOverPeer }),
  ],
  P4: [ms("all-in-one", { ...firstToken, limit: 1 }), ms("cluster", { ...firstToken, limit: 3 })],
  "P4 peer": [ratio("all-in-one", peerFirstToken), ratio("cluster", peerFirstToken)],
  P5: [
    ms("all-in-one", {
      what: "p50 above the slowest needed member",
      limit: 5,
      read: (line) => line.overUpstream,
    }),
  ],
  "P9 unary": [ms("cluster", { ...hop, limit: 1 })],
  "P9 stream": [ms("cluster", { ...hop, limit: 3 })],
  P10: [
    ms("all-in-one", {
      what: "CPU above its five upstream calls (the bare fan-out's)",
      limit: 1,
      read: (line) => line.cpuOverFloor,
    }),
  ],
};
