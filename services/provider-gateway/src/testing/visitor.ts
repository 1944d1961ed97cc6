import { type Visit, WaitingRoom } from "../control/waiting-room.js";

/** A call that waits where nothing bounds how many may: until `leftMs` are over, or its caller leaves. */
export function visitor(leftMs = 3_600_000, caller = new AbortController()): Visit {
  const room = new WaitingRoom({ seats: Infinity, what: "acme" });
  return room.enter({ signal: caller.signal, leftMs: () => leftMs });
}
