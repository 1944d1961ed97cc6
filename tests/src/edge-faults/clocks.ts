import { expect, it } from "vitest";

import { type CompletionJson, get, question } from "../harness/api.js";
import { complete, type EdgeHouse, expectHealthy, hanging, paidIn } from "./edge-house.js";

const twoHours = 7_200_000;

/**
 * A module that is loaded before Synod and lets its processes disagree about the time of day: one is two hours early, one
 * two hours late, and that of the chat gateway jumps by four hours ten times a second.
 */
const skewed = `
const skews = { "services/round/": ${twoHours}, "services/provider-gateway/": -${twoHours} };
const own = Object.entries(skews).find(([name]) => process.argv[1]?.includes(name))?.[1];
let skew = own ?? ${twoHours};
if (own === undefined) setInterval(() => { skew = -skew; }, 100).unref();
const now = Date.now;
const Real = Date;
globalThis.Date = class extends Real {
  constructor(...given) { super(...(given.length === 0 ? [now() + skew] : given)); }
  static now() { return now() + skew; }
};
`;

/** The environment of the house that these tests need. */
export const skewedEnvironment = {
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(skewed)}`,
} as const;

/** F39: clocks that are wrong, and that jump. The house has `skewedEnvironment`. */
export function testClocks(house: () => EdgeHouse): void {
  it("F39: runs end well, each with a name and a time of its own", async () => {
    const before = paidIn(house());
    const runs = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const answer = await complete(house(), question("What is 2 + 2?"), {
          "x-synod-deadline-ms": "20000",
        });
        expect(answer.status, answer.text).toBe(200);
        return answer.json<CompletionJson>().consensus;
      }),
    );
    expect(new Set(runs.map(({ run_id: id }) => id)).size).toBe(20);
    for (const { stopped, degraded, members } of runs) {
      expect([stopped, degraded]).toEqual(["complete", []]);
      for (const member of members) expect(member).toMatchObject({ status: "answered" });
    }
    expect(paidIn(house()) - before).toBe(60);
    const { data } = (await get(`${house().synod.url}/v1/runs?limit=100`)).json<{
      data: readonly unknown[];
    }>();
    expect(data.length).toBeGreaterThanOrEqual(20);
  });

  it("F39: a deadline is neither early nor late", async () => {
    const consensus = {
      members: [{ model: "openrouter/acme/healthy" }, { model: `openrouter/${hanging.silent}` }],
      quorum: 1,
      grace_ms: 60_000,
    };
    const started = performance.now();
    const answer = await complete(
      house(),
      { ...question("?"), consensus },
      { "x-synod-deadline-ms": "1000" },
    );
    const tookMs = performance.now() - started;
    expect(answer.json<CompletionJson>().consensus).toMatchObject({ stopped: "deadline" });
    expect(tookMs).toBeGreaterThan(800);
    // A machine that is busy with something else is late by itself.
    expect(tookMs).toBeLessThan(10_000);
    await expectHealthy(house());
  });
}
