import type { Pace } from "../load/plan.js";

/** Who answers the client. */
export type VariantName = "direct" | "bare proxy" | "bare fan-out" | "portkey" | "all-in-one" | "cluster";

/** The variants that every other is compared with. */
export type FloorName = "bare proxy" | "bare fan-out";

/** One thing to measure, on several variants in turn. */
export interface Cell {
  readonly row: "pass-through" | "majority";
  /** Example: `unary, 64 at once`. */
  readonly name: string;
  readonly floor: FloorName;
  /** The request's body per variant, as JSON. A variant without a body is left out. */
  readonly bodies: Readonly<Partial<Record<VariantName, string>>>;
  readonly stream: boolean;
  /** Requests of one sample, or the most of them where the pace is bounded in time. */
  readonly count: number;
  /** Requests before the first sample. Many in the first cell of a path: the engine compiles while it runs. */
  readonly warmUp: number;
  readonly pace: Pace;
  /** Upstream calls that one request must cost, whatever the variant. `direct` makes one. */
  readonly upstreamCalls: number;
  /** Milliseconds that the upstream takes by itself: the slowest model whose answer is needed. */
  readonly upstreamMs: number;
  /** Tokens streamed to the client per request; 0 when not streamed. */
  readonly tokens: number;
  /** The goals of this cell. */
  readonly goals: readonly GoalName[];
}

/** Goals of this bench. */
export type GoalName =
  | "P1"
  | "P2"
  | "P2 per token"
  | "P3 requests"
  | "P3 stream"
  | "P4"
  | "P4 peer"
  | "P5"
  | "P9 unary"
  | "P9 stream"
  | "P10";

/** How much to measure. */
export interface Size {
  readonly quick: boolean;
  /** Whether peers are measured beside Synod. */
  readonly peers: boolean;
  /** At least 3. */
  readonly repeats: number;
}
