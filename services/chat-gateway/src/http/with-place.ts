import type { BodyHold } from "@synod/rpc";
import type { HttpDeps, Route } from "./deps.js";
import { type Exchange, onceClosed } from "./exchange.js";

/** A request that has a place, and its answer. */
export interface PlacedExchange extends Exchange {
  /** What its body is counted in. */
  readonly hold: BodyHold;
}

/** Answers a request that has a place. */
export type PlacedRoute = (exchange: PlacedExchange, deps: HttpDeps) => Promise<void>;

/** A route that has a place, and room for its body, until its answer is out and nothing goes on for it any more. */
export function withPlace(route: PlacedRoute): Route {
  return async (exchange, deps) => {
    const leave = deps.places.enter();
    const hold = deps.bodies.hold();
    try {
      await route({ ...exchange, hold }, deps);
    } finally {
      // What a slow reader has not taken yet is still held.
      onceClosed(exchange, () => {
        leave();
        hold.release();
      });
    }
  };
}
