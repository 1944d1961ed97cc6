import { expect } from "vitest";

import { askModel } from "./ask-model.js";

/** How long the simulated neighbour takes, in milliseconds. */
const latencyMs = 200;

/** How many times it is asked, all at once. */
const times = 20;

/** The model that is asked beside a fault: it answers after 200 ms. */
export const neighbour = `bench/echo-8-after-${latencyMs}`;

/**
 * Asks a neighbour 20 times, and gives the longest time in milliseconds.
 *
 * @param model with its provider's prefix.
 */
export async function slowestNeighbour(url: string, model: string): Promise<number> {
  const asked = Array.from({ length: times }, async () => {
    const start = performance.now();
    const answer = await askModel(url, model);
    expect(answer.status, answer.raw).toBe(200);
    return performance.now() - start;
  });
  return Math.max(...(await Promise.all(asked)));
}

/** The longest time of a neighbour that nothing disturbs, after the first calls, which open connections. */
export async function undisturbedNeighbour(url: string, model: string): Promise<number> {
  await slowestNeighbour(url, model);
  return slowestNeighbour(url, model);
}
