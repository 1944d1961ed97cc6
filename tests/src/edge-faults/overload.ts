import { setMaxListeners } from "node:events";
import { expect, it } from "vitest";

import { askModel } from "../harness/ask-model.js";
import { get, type HttpAnswer, question } from "../harness/api.js";
import { grpcClient } from "../harness/ask-grpc.js";
import { until } from "../harness/until.js";
import { askPanel, complete, type EdgeHouse, expectHealthy, hanging, paidIn } from "./edge-house.js";

/** The limit of the house that these tests need. */
export const overloadLimits = { requests_at_once: 100 };

/** F62: more than there is room for. The house has `overloadLimits`. */
export function testOverload(house: () => EdgeHouse): void {
  it("F62: of 1,000 panels at once, those beyond the limit are refused and no other is lost", async () => {
    const before = paidIn(house());
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, () => complete(house(), question("What is 2 + 2?"))),
    );
    const answered = answers.filter(({ status }) => status === 200);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(answered.length).toBeGreaterThanOrEqual(overloadLimits.requests_at_once);
    expect(refused.length).toBeGreaterThan(0);
    for (const answer of refused) expectOverloaded(answer);
    // What was answered was asked in full, and nobody else was asked at all.
    expect(paidIn(house()) - before).toBe(3 * answered.length);
    await expectHealthy(house());
  });

  it("F62: while every place is taken the others are refused at once, over every wire", async () => {
    const { synod, upstream } = house();
    const inFlight = () => upstream.simulator.control.stats().inFlight;
    const caller = new AbortController();
    setMaxListeners(0, caller.signal);
    const taken = Array.from({ length: overloadLimits.requests_at_once }, () =>
      askModel(synod.url, `openrouter/${hanging.silent}`, { signal: caller.signal }).catch(() => undefined),
    );
    await until("every place is taken", () => inFlight() === overloadLimits.requests_at_once);
    const before = paidIn(house());
    const times: number[] = [];
    for (let count = 0; count < 20; count += 1) {
      const started = performance.now();
      expectOverloaded(await complete(house(), question("What is 2 + 2?")));
      times.push(performance.now() - started);
    }
    // Nothing waits in a queue: some of them come as fast as they may.
    expect(Math.min(...times)).toBeLessThan(50);
    await using grpc = grpcClient(synod.grpcAddress);
    expect(await grpc.failure("synod/default")).toMatchObject({ reason: "overloaded", retryAfterMs: 1_000 });
    expect((await get(`${synod.url}/v1/models`)).status).toBe(200);
    expect((await get(`${synod.url}/readyz`)).status).toBe(200);
    expect(paidIn(house())).toBe(before);

    caller.abort();
    await Promise.all(taken);
    await until("there are places again", async () => (await askPanel(house())).status === 200);
    await until("nobody is asked", () => inFlight() === 0);
  });
}

function expectOverloaded({ status, headers, text }: HttpAnswer): void {
  expect(status, text).toBe(503);
  expect(headers).toMatchObject({ "retry-after": "1", "x-should-retry": "true" });
  expect(JSON.parse(text)).toMatchObject({ error: { type: "overloaded", code: "overloaded" } });
}
