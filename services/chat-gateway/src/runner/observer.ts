import type { MemberDelta } from "@synod/mapping";
import type { LoggedEvent, Room } from "@synod/run-store";

/** Watches a run while it goes on. */
export interface RunObserver {
  /** Called before it begins, with what is left of the limits per minute of who wants it. */
  admitted?(rooms: readonly Room[]): void;
  /** Called after each event was logged, in the order of the log. */
  event?(logged: LoggedEvent, runId: string): void;
  /**
   * Called with the next piece of the answer, once it is sure that it is the answer. Without it, nothing is streamed.
   * The next piece waits for the promise.
   */
  text?(piece: string): void | Promise<void>;
  /** Called with what a member has just written. Without it, members are not streamed. Nothing waits for it. */
  memberText?(delta: MemberDelta): void;
}
