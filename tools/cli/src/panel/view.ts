import type { RunEvent } from "@synod/consensus";

/** Shows how a question is getting on, and its answer. */
export interface View {
  /** Something happened in the run. */
  event(event: RunEvent): void;
  /** More of the answer. */
  text(piece: string): void;
  /** The end, however it came: what was shown stays. */
  end(): void;
}
