import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "undici";
import { exchange } from "./exchange.js";
import type { LoadPlan, LoadResult, Pace } from "./plan.js";

/** How long one request may take, in milliseconds. */
const requestWithinMs = 30_000;

/** Makes the load generator. Connections are kept from plan to plan. */
export function createLoad(): (plan: LoadPlan) => Promise<LoadResult> {
  const pools = new Map<string, Pool>();
  const poolFor = (origin: string, connections: number | null): Pool => {
    const key = `${origin} ${connections}`;
    const timeouts = { headersTimeout: requestWithinMs, bodyTimeout: requestWithinMs };
    const pool = pools.get(key) ?? new Pool(origin, { connections, pipelining: 1, ...timeouts });
    pools.set(key, pool);
    return pool;
  };

  return async (plan) => {
    const { origin, pathname } = new URL(plan.url);
    const pool = poolFor(origin, "atOnce" in plan.pace ? plan.pace.atOnce : null);
    const latenciesMs: number[] = [];
    const firstTokensMs: number[] = [];
    const failures: string[] = [];
    let begun = 0;
    let open = 0;
    let peak = 0;
    const one = async (): Promise<void> => {
      open += 1;
      peak = Math.max(peak, open);
      try {
        const timing = await exchange(pool, pathname, plan, bodyAt(plan, begun++));
        latenciesMs.push(timing.totalMs);
        if (timing.firstTokenMs !== undefined) firstTokensMs.push(timing.firstTokenMs);
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error));
      }
      open -= 1;
    };

    const start = performance.now();
    if ("atOnce" in plan.pace) await closedLoop(plan.count, plan.pace, one);
    else await openLoop(plan.count, plan.pace.everyMs, one);
    return {
      wallMs: performance.now() - start,
      latenciesMs,
      firstTokensMs,
      peak,
      failed: failures.length,
      ...(failures[0] === undefined ? {} : { firstFailure: failures[0] }),
    };
  };
}

function bodyAt({ body }: LoadPlan, index: number): string {
  return typeof body === "string" ? body : (body[index % body.length] ?? "");
}

async function closedLoop(
  count: number,
  { atOnce, overMs = 0, forMs = Number.POSITIVE_INFINITY }: Extract<Pace, { atOnce: number }>,
  one: () => Promise<void>,
): Promise<void> {
  let left = count;
  const end = performance.now() + forMs;
  const lane = async (_: unknown, index: number): Promise<void> => {
    if (overMs > 0) await sleep((index / atOnce) * overMs);
    while (left > 0 && performance.now() < end) {
      left -= 1;
      await one();
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, lane));
}

async function openLoop(count: number, everyMs: number, one: () => Promise<void>): Promise<void> {
  const start = performance.now();
  const all: Promise<void>[] = [];
  while (all.length < count) {
    const due = Math.min(count, Math.floor((performance.now() - start) / everyMs) + 1);
    while (all.length < due) all.push(one());
    await sleep(1);
  }
  await Promise.all(all);
}
