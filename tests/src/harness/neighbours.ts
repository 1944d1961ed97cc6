import { expect } from "vitest";

import { post } from "./api.js";
import { askModel } from "./ask-model.js";

/** Models that are asked beside a fault: one answers after 200 ms, one after 10 ms, whatever provider they have. */
export const neighbours = { slow: "bench/echo-8-after-200", fast: "bench/echo-4-after-10" } as const;

/** Whom neighbours are asked of. */
export interface Neighbourhood {
  /** Synod's URL. */
  readonly url: string;
  /** Ids of providers, asked in turn. */
  readonly providers: readonly string[];
  /** The base URL of the upstream itself. */
  readonly upstreamUrl: string;
}

/** How long a neighbour takes, in milliseconds: the longest of many. */
interface NeighbourTime {
  /** Through Synod. */
  readonly ms: number;
  /** Asked of the upstream itself at the same time. */
  readonly directMs: number;
}

/** How long neighbours take. */
export type NeighbourTimes = Readonly<Record<keyof typeof neighbours, NeighbourTime>>;

/** How many times each neighbour is asked, all at once. */
const times = 20;

/** Asks both neighbours 20 times, one after the other. */
export async function askNeighbours(hood: Neighbourhood): Promise<NeighbourTimes> {
  return { slow: await askNeighbour(hood, neighbours.slow), fast: await askNeighbour(hood, neighbours.fast) };
}

/**
 * Whether neighbours took less than twice their usual time. What the upstream itself took longer is left out: it plays
 * the faults, and the machine may be busy with something else.
 */
export function areUndisturbed(now: NeighbourTimes, usual: NeighbourTimes): boolean {
  return (["slow", "fast"] as const).every((which) => {
    const longer = Math.max(0, now[which].directMs - usual[which].directMs);
    return now[which].ms - longer < 2 * usual[which].ms;
  });
}

async function askNeighbour(hood: Neighbourhood, model: string): Promise<NeighbourTime> {
  const { url, providers, upstreamUrl } = hood;
  const [ms, directMs] = await Promise.all([
    slowest((index) => askModel(url, `${providers[index % providers.length]}/${model}`)),
    slowest(() => askUpstream(upstreamUrl, model)),
  ]);
  return { ms, directMs };
}

async function slowest(ask: (index: number) => Promise<{ status: number }>): Promise<number> {
  const asked = Array.from({ length: times }, async (_, index) => {
    const start = performance.now();
    expect(await ask(index)).toMatchObject({ status: 200 });
    return performance.now() - start;
  });
  return Math.max(...(await Promise.all(asked)));
}

function askUpstream(url: string, model: string): Promise<{ status: number }> {
  const headers = { authorization: "Bearer key-of-nobody-test" };
  return post(`${url}/chat/completions`, { model, messages: [{ role: "user", content: "?" }] }, { headers });
}
