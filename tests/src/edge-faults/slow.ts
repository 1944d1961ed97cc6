import { expect, it } from "vitest";

import { askNeighbours, areUndisturbed, type NeighbourTimes } from "../harness/neighbours.js";
import { type EdgeHouse, expectHealthy, paidIn } from "./edge-house.js";
import { openIdle, type RawAnswer, sendRaw } from "./raw.js";

/** What slow callers began before the other tests, and what became of it. */
export interface SlowCallers {
  readonly head: Promise<RawAnswer>;
  readonly body: Promise<RawAnswer>;
}

/** Begins a head and a body that never end. They are cut after 15 s and 30 s. */
export function beginSlowly({ synod }: EdgeHouse): SlowCallers {
  const head = "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n";
  const body = "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
  return {
    head: sendRaw(synod.url, head, 60_000),
    body: sendRaw(synod.url, head + body, 60_000),
  };
}

/** So often neighbours are measured at most: a machine that was busy with something else is not so every time. */
const measurements = 10;

/** F40: callers who say little, and slowly. */
export function testSlow(house: () => EdgeHouse, begun: () => SlowCallers): void {
  it("F40: 1,000 connections that say nothing slow nobody", { timeout: 60_000 }, async () => {
    const { synod, upstream } = house();
    const hood = {
      url: synod.url,
      providers: ["openrouter", "groq"],
      upstreamUrl: upstream.simulator.openrouterUrl,
    };
    await askNeighbours(hood);
    const usual = await askNeighbours(hood);
    const before = paidIn(house());
    using idle = await openIdle(synod.url, 1_000);
    expect(idle.open()).toBe(1_000);
    const seen: NeighbourTimes[] = [];
    while (seen.length < measurements && !seen.some((times) => areUndisturbed(times, usual))) {
      seen.push(await askNeighbours(hood));
    }
    expect(
      seen.some((times) => areUndisturbed(times, usual)),
      JSON.stringify({ usual, seen }),
    ).toBe(true);
    await expectHealthy(house());
    // Twenty of each kind through Synod, and as many beside it.
    expect(paidIn(house()) - before).toBe(1 + 80 * seen.length);
  });

  it("F40: a head that does not end is cut after 15 s, a body after 30 s", { timeout: 60_000 }, async () => {
    const [head, body] = await Promise.all([begun().head, begun().body]);
    expect([head.statuses, body.statuses]).toEqual([[408], [408]]);
    // The listener looks every second; a busy machine looks later.
    expect(head.ms).toBeGreaterThan(14_000);
    expect(head.ms).toBeLessThan(25_000);
    expect(body.ms).toBeGreaterThan(29_000);
    expect(body.ms).toBeLessThan(40_000);
    await expectHealthy(house());
  });
}
