import { SynodError } from "@synod/rpc";
import { createMemoryStores, StorageError } from "@synod/run-store";
import { createGate, eventually } from "@synod/testing";
import { describe, expect, it, vi } from "vitest";
import { bodyOf } from "../testing/body.js";
import { callerWith } from "../testing/charged-caller.js";
import { ask, startGateway, type TestGateway } from "../testing/gateway.js";
import { readStream } from "../testing/read-stream.js";
import { createManualClock } from "../testing/manual-clock.js";
import { hangs, type Reply, says } from "../testing/script.js";
import { chatPath, generously, replayed, textOf, ways } from "../testing/repeatable.js";

const retried = (count: number): RequestInit => ({
  headers: { "x-stainless-retry-count": String(count) },
});

describe("F30: a request that a client sends again without a key", () => {
  /** Sends a request whose connection breaks once it is being answered. */
  async function broken(
    house: TestGateway,
    [path, body, calls]: readonly [path: string, body: object, calls: number],
    before = (): void => undefined,
  ): Promise<void> {
    const cut = new AbortController();
    const sent = house.post(path, body, { ...retried(0), signal: cut.signal }).catch(() => "cut");
    await eventually(() => house.ledger.paid === calls, generously);
    before();
    cut.abort();
    expect(await sent).toBe("cut");
  }

  it.each(ways)("joins the first attempt while that goes on (%s)", async (_what, path, body, calls) => {
    const answering = createGate();
    const reply: Reply = { ...says("42"), after: answering.opened };
    const clock = createManualClock();
    await using house = await startGateway({ clock, script: { member: () => reply, model: () => reply } });
    let waiting = 0;
    await broken(house, [path, body, calls], () => ({ waiting } = clock));
    // The timer that gives the attempt up waits until somebody joins it.
    await eventually(() => clock.waiting === waiting + 1, generously);
    const again = house.post(path, body, retried(1));
    await eventually(() => clock.waiting === waiting, generously);
    answering.open();
    expect(await textOf(await again)).toBe("42");
    expect(replayed(await again)).toBe("true");
    expect([house.ledger.paid, house.ledger.aborted]).toEqual([calls, 0]);
  });

  it("asks nobody when it leaves while it waits", async () => {
    const failing = createGate();
    const error = new SynodError({ reason: "upstream_error", message: "Broken." });
    await using house = await startGateway({
      keepAliveMs: 10,
      script: { model: () => ({ after: failing.opened, error }) },
    });
    const asked = ask({ model: "groq/x", stream: true });
    const first = house.post(chatPath, asked, retried(0));
    await eventually(() => house.ledger.completions.length === 1, generously);
    const leaving = new AbortController();
    const again = await house.post(chatPath, asked, { ...retried(1), signal: leaving.signal });
    expect([again.status, house.ledger.completions.length]).toEqual([200, 1]);
    leaving.abort();
    await eventually(() => house.log.some(({ status }) => status === 499), generously);
    failing.open();
    expect((await readStream(await first)).chunks.at(-1)).toMatchObject({ error: { code: 502 } });
    await new Promise(setImmediate);
    expect(house.ledger.completions).toHaveLength(1);
  });

  it.each(ways)("waits no longer than its deadline (%s)", async (_what, path, body, calls) => {
    const answering = createGate();
    const reply: Reply = { ...says("42"), after: answering.opened };
    const clock = createManualClock();
    await using house = await startGateway({ clock, script: { member: () => reply, model: () => reply } });
    const first = house.post(path, body, retried(0));
    await eventually(() => house.ledger.paid === calls, generously);
    const { waiting } = clock;
    const headers = { "x-stainless-retry-count": "1", "x-synod-deadline-ms": "5000" };
    const again = house.post(path, body, { headers });
    await eventually(() => clock.waiting === waiting + 1, generously);
    clock.fire(5_000);
    const late = await again;
    expect([late.status, late.headers.get("retry-after")]).toEqual([409, "1"]);
    expect((await bodyOf(late)).error.code).toBe("idempotency_in_progress");
    const joining = house.post(path, body, { headers });
    await eventually(() => clock.waiting === waiting + 1, generously);
    answering.open();
    expect(await textOf(await joining)).toBe("42");
    expect(await textOf(await first)).toBe("42");
    expect(house.ledger.paid).toBe(calls);
  });

  it("is told the answer of a panel that ended well within ten minutes", async () => {
    await using house = await startGateway();
    const first = await house.post(chatPath, ask(), retried(0));
    const again = await house.post(chatPath, ask(), retried(1));
    expect([replayed(first), replayed(again)]).toEqual([null, "true"]);
    expect(await again.text()).toBe(await first.text());
    const streamed = ask({ stream: true });
    const whole = await readStream(await house.post(chatPath, streamed, retried(0)));
    const told = await readStream(await house.post(chatPath, streamed, retried(2)));
    expect([told.text, told.done, told.chunks.at(-1)]).toEqual([whole.text, true, whole.chunks.at(-1)]);
    expect(house.ledger.paid).toBe(6);
  });

  it("waits for a run of another process, by its log", async () => {
    const stores = createMemoryStores();
    const answering = createGate();
    const member = (): Reply => ({ ...says("42"), after: answering.opened });
    await using here = await startGateway({ stores, script: { member } });
    await using there = await startGateway({ stores });
    const first = here.post(chatPath, ask(), retried(0));
    await eventually(() => here.ledger.members === 3, generously);
    const again = there.post(chatPath, ask(), retried(1));
    answering.open();
    expect(await (await again).text()).toBe(await (await first).text());
    expect([here.ledger.paid, there.ledger.paid]).toEqual([3, 0]);
  });

  it("never joins one that failed, nor another caller's", async () => {
    const failure = { reason: "upstream_error", message: "Broken.", retryable: true } as const;
    await using house = await startGateway({ script: { member: () => ({ failure }) } });
    const [me, you] = [await callerWith(house, {}), await callerWith(house, {})];
    expect((await me.post(chatPath, ask(), retried(0))).status).toBe(502);
    expect(replayed(await me.post(chatPath, ask(), retried(1)))).toBeNull();
    expect(house.ledger.paid).toBe(6);
    await using well = await startGateway({ stores: house.stores });
    for (const headers of [me.headers, you.headers]) {
      const init = { headers: { ...headers, "x-stainless-retry-count": "1" } };
      expect(replayed(await well.post(chatPath, ask(), init))).toBeNull();
    }
    expect(well.ledger.paid).toBe(6);
  });

  it("is carried out anew when it is the first, and when nobody says that it is not", async () => {
    await using house = await startGateway();
    for (const init of [retried(0), retried(0), {}, { headers: { "x-stainless-retry-count": "many" } }]) {
      expect(replayed(await house.post(chatPath, ask(), init))).toBeNull();
    }
    expect(house.ledger.paid).toBe(12);
  });

  it("F25: is given up within a second when its caller does not come back", async () => {
    const clock = createManualClock();
    await using house = await startGateway({ clock, script: { member: () => hangs } });
    let waiting = 0;
    await broken(house, [chatPath, ask(), 3], () => ({ waiting } = clock));
    await eventually(() => clock.waiting === waiting + 1, generously);
    // Clients come back after half a second.
    clock.fire(500);
    expect([clock.waiting, house.ledger.aborted]).toEqual([waiting + 1, 0]);
    clock.fire(1_000);
    await eventually(() => house.ledger.aborted === 3, generously);
  });

  it("is carried out all the same when earlier runs cannot be looked up", async () => {
    const stores = createMemoryStores();
    vi.spyOn(stores.runs, "findTwin").mockRejectedValue(new StorageError("unreachable", "db", ""));
    await using house = await startGateway({ stores });
    expect((await house.post(chatPath, ask(), retried(1))).status).toBe(200);
    expect(house.log.map(({ msg }) => msg)).toContain("earlier runs could not be looked up");
    expect(house.ledger.paid).toBe(3);
  });
});
