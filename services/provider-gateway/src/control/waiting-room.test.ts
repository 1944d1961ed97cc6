import { describe, expect, it } from "vitest";
import { WaitingRoom } from "./waiting-room.js";

const stays = new AbortController().signal;
const roomFor = (most: number | undefined, mostWaiting = 256, now = (): number => 0): WaitingRoom =>
  new WaitingRoom({ ...(most !== undefined && { most }), mostWaiting, now, what: "acme" });
const overloaded = { error: { reason: "overloaded", retryable: true } };
const canceled = { error: { reason: "canceled" } };

describe("a waiting room", () => {
  it("gives places in the order of asking, each once", async () => {
    const room = roomFor(1);
    const order: number[] = [];
    const release = await room.take(stays, 1_000);
    const waiting = [1, 2].map(async (number) => {
      const mine = await room.take(stays, 1_000);
      order.push(number);
      mine();
      mine();
    });
    release();
    await Promise.all(waiting);
    expect(order).toEqual([1, 2]);
    const again = await room.take(stays, 1_000);
    await expect(room.take(stays, 5)).rejects.toMatchObject(overloaded);
    again();
    expect([room.running, room.waiting]).toEqual([0, 0]);
  });

  it("refuses at once when too many wait", async () => {
    const room = roomFor(1, 1);
    const caller = new AbortController();
    await room.take(stays, 1_000);
    const waiting = room.take(caller.signal, 60_000);
    await expect(room.take(stays, 60_000)).rejects.toMatchObject({
      error: { ...overloaded.error, retryAfterMs: 1_000 },
    });
    await expect(room.park(1, stays)).rejects.toMatchObject(overloaded);
    caller.abort();
    await expect(waiting).rejects.toMatchObject(canceled);
    expect(room.waiting).toBe(0);
  });

  it("refuses who would wait too long by what it has seen", async () => {
    const clock = { now: 0 };
    const room = roomFor(1, 256, () => clock.now);
    for (let i = 0; i < 20; i++) {
      const release = await room.take(stays, 1);
      clock.now += 500;
      release();
    }
    const release = await room.take(stays, 1);
    const first = room.take(stays, 600);
    await expect(room.take(stays, 600)).rejects.toMatchObject(overloaded);
    release();
    (await first)();
  });

  it("bounds nothing when no bound is set", async () => {
    const room = roomFor(undefined, 0);
    await Promise.all(Array.from({ length: 1_000 }, () => room.take(stays, 1)));
    await expect(room.take(AbortSignal.abort(), 1)).rejects.toMatchObject(canceled);
  });

  it("lets time pass, and counts who waits for it", async () => {
    const room = roomFor(1);
    const parked = room.park(1, stays);
    expect(room.waiting).toBe(1);
    await parked;
    expect(room.waiting).toBe(0);
    const caller = new AbortController();
    const left = room.park(60_000, caller.signal);
    caller.abort();
    await expect(left).rejects.toMatchObject(canceled);
  });

  it("never runs more than its bound, and serves in order, whoever leaves", async () => {
    const room = roomFor(8, 10_000);
    const served: number[] = [];
    let [running, most] = [0, 0];
    const calls = Array.from({ length: 1_000 }, async (_, number) => {
      const caller = new AbortController();
      const taken = room.take(caller.signal, 60_000);
      if (number % 7 === 3 && number > 20) caller.abort();
      const release = await taken.catch(() => undefined);
      if (release === undefined) return;
      served.push(number);
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      release();
    });
    await Promise.all(calls);
    expect(most).toBe(8);
    expect(served).toEqual(served.toSorted((a, b) => a - b));
    expect([room.running, room.waiting]).toEqual([0, 0]);
  });
});
