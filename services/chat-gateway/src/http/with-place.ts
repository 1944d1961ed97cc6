import type { Route } from "./deps.js";
import { onceClosed } from "./exchange.js";

/** A route that takes a place until its answer is out and nothing goes on for it any more. */
export function withPlace(route: Route): Route {
  return async (exchange, deps) => {
    const leave = deps.places.enter();
    try {
      await route(exchange, deps);
    } finally {
      // What a slow reader has not taken yet is still held.
      onceClosed(exchange, leave);
    }
  };
}
