import type { LoadPlan, LoadResult } from "../load/plan.js";
import type { Heard, HoldPlan } from "../streams/holder.js";
import type { PlayPlan } from "../upstream/held.js";
import type { Counts, VoterEnd } from "../upstream/upstream.js";

/** What the bench may ask its own child processes, with the question and the answer. */
export interface Asks {
  readonly load: { readonly question: LoadPlan; readonly answer: LoadResult };
  readonly counts: { readonly question: null; readonly answer: Counts };
  readonly voterEnds: { readonly question: null; readonly answer: readonly VoterEnd[] };
  /** Opens streams and keeps them. Answered when all have their first token. */
  readonly hold: { readonly question: HoldPlan; readonly answer: Heard };
  /** What the streams of a group have heard so far. */
  readonly heard: { readonly question: string; readonly answer: Heard };
  readonly play: { readonly question: PlayPlan; readonly answer: void };
  readonly rest: { readonly question: null; readonly answer: Readonly<Record<string, number>> };
  readonly release: { readonly question: string; readonly answer: void };
}

/** A question on its way to a child. */
export interface AskMessage {
  readonly id: number;
  readonly ask: keyof Asks;
  readonly question: unknown;
}

/** What a child says. `ready` comes first, with its URL if it listens. */
export type ChildMessage =
  | { readonly kind: "ready"; readonly url: string }
  | { readonly kind: "answer"; readonly id: number; readonly answer: unknown }
  | { readonly kind: "failed"; readonly id: number; readonly message: string };
