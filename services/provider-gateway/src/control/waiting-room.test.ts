import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Release, WaitingRoom } from "./waiting-room.js";

const stays = new AbortController().signal;
const overloaded = { reason: "overloaded", retryable: true, failOver: "any", repeats: 0, blames: "nobody" };
const refusal = (retryAfterMs = 1_000) => ({ error: { ...overloaded, retryAfterMs } });
const canceled = { error: { reason: "canceled" } };

function roomFor(most: number | undefined, mostWaiting = 256) {
  const clock = { now: 0 };
  const room = new WaitingRoom({
    ...(most !== undefined && { most }),
    mostWaiting,
    now: () => clock.now,
    what: "acme",
  });
  /** Lets the room see as many calls as it needs to know how long one lasts. */
  const see = async (heldMs: number, calls = 20): Promise<void> => {
    for (let i = 0; i < calls; i++) {
      const release = await room.take(stays, 1);
      clock.now += heldMs;
      release();
    }
  };
  return { clock, room, see };
}

/** Lets every promise that can settle do so. Timers stand still. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

describe("a waiting room", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it("gives places in the order of asking, each once", async () => {
    const { room } = roomFor(1);
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
    expect([room.running, room.waiting]).toEqual([0, 0]);
  });

  it("lets no newcomer overtake one whose place was just given back", async () => {
    const { room } = roomFor(1);
    const release = await room.take(stays, 1_000);
    const first = room.take(stays, 1_000);
    release();
    const order: string[] = [];
    const newcomer = room.take(stays, 1_000).then(() => order.push("newcomer"));
    await settle();
    expect([room.running, room.waiting, order]).toEqual([1, 1, []]);
    (await first)();
    await newcomer;
    expect(order).toEqual(["newcomer"]);
  });

  it("refuses at once when too many wait, those that are parked among them", async () => {
    const { room } = roomFor(1, 2);
    await room.take(stays, 1_000);
    const caller = new AbortController();
    const waiting = [room.take(caller.signal, 60_000), room.park(60_000, caller.signal)];
    expect(room.waiting).toBe(2);
    await expect(room.take(stays, 60_000)).rejects.toMatchObject(refusal());
    await expect(room.park(1, stays)).rejects.toMatchObject(refusal());
    caller.abort();
    for (const left of waiting) await expect(left).rejects.toMatchObject(canceled);
    expect(room.waiting).toBe(0);
  });

  it("refuses when the time is up, and then gives that place in the queue to nobody", async () => {
    const { room } = roomFor(1);
    const release = await room.take(stays, 1_000);
    const late = expect(room.take(stays, 50)).rejects.toMatchObject(refusal());
    const next = room.take(stays, 5_000);
    await vi.advanceTimersByTimeAsync(50);
    await late;
    expect(room.waiting).toBe(1);
    release();
    (await next)();
    expect([room.running, room.waiting]).toEqual([0, 0]);
  });

  it("refuses who would wait too long by what it has seen, and says how long", async () => {
    const { room, see } = roomFor(1);
    await see(2_500);
    const release = await room.take(stays, 1);
    const first = room.take(stays, 2_500);
    await expect(room.take(stays, 4_999)).rejects.toMatchObject(refusal(5_000));
    const second = room.take(stays, 5_000);
    await expect(room.take(stays, 5_000)).rejects.toMatchObject(refusal(8_000));
    release();
    (await first)();
    (await second)();
  });

  it("refuses nobody for what too few calls say, and asks nobody to wait for hours", async () => {
    const { room, see } = roomFor(1);
    await see(3_600_000, 15);
    const release = await room.take(stays, 1);
    const waiting = room.take(stays, 10);
    release();
    (await waiting)();
    await room.take(stays, 1);
    await expect(room.take(stays, 10)).rejects.toMatchObject(refusal(60_000));
  });

  it("follows what calls last now", async () => {
    const { room, see } = roomFor(2);
    await see(10_000);
    await see(100, 100);
    await room.take(stays, 1);
    const release = await room.take(stays, 1);
    const waiting = room.take(stays, 200);
    release();
    (await waiting)();
  });

  it("bounds nothing when no bound is set", async () => {
    const { room } = roomFor(undefined, 0);
    await Promise.all(Array.from({ length: 1_000 }, () => room.take(stays, 1)));
    expect(room.running).toBe(1_000);
    await expect(room.take(AbortSignal.abort(), 1)).rejects.toMatchObject(canceled);
  });

  it("lets time pass, and counts who waits for it", async () => {
    const { room } = roomFor(1);
    const parked = room.park(40, stays);
    expect(room.waiting).toBe(1);
    await vi.advanceTimersByTimeAsync(39);
    expect(room.waiting).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    await parked;
    expect(room.waiting).toBe(0);
    await expect(room.park(1, AbortSignal.abort())).rejects.toMatchObject(canceled);
  });

  it("leaves no timer and no listener behind, however a wait ends", async () => {
    const { room } = roomFor(1);
    const { signal } = new AbortController();
    const leaver = new AbortController();
    const release = await room.take(signal, 1_000);
    const granted = room.take(signal, 1_000);
    const left = room.take(leaver.signal, 1_000);
    const leftParked = room.park(1_000, leaver.signal);
    const late = room.take(signal, 10);
    const parked = room.park(10, signal);
    expect(vi.getTimerCount()).toBe(5);
    const ends = Promise.allSettled([left, leftParked, late, parked]);
    await vi.advanceTimersByTimeAsync(10);
    leaver.abort();
    release();
    (await granted)();
    expect((await ends).map(({ status }) => status)).toEqual([
      "rejected",
      "rejected",
      "rejected",
      "fulfilled",
    ]);
    expect(vi.getTimerCount()).toBe(0);
    expect([signal, leaver.signal].map((each) => getEventListeners(each, "abort").length)).toEqual([0, 0]);
    expect([room.running, room.waiting]).toEqual([0, 0]);
  });

  it("serves 10,000 that wait in order, whoever of them leaves", async () => {
    const { room } = roomFor(1, 10_000);
    const release = await room.take(stays, 1_000);
    const served: number[] = [];
    const callers = Array.from({ length: 10_000 }, () => new AbortController());
    const waiting = callers.map(async ({ signal }, number) => {
      const mine = await room.take(signal, 60_000);
      served.push(number);
      mine();
    });
    await expect(room.take(stays, 60_000)).rejects.toMatchObject(refusal());
    for (let number = 0; number < 10_000; number += 3) callers[number]?.abort();
    release();
    await Promise.allSettled(waiting);
    expect(served).toEqual(callers.map((_, number) => number).filter((number) => number % 3 !== 0));
    expect([room.running, room.waiting]).toEqual([0, 0]);
  });

  it("never runs more than its bound, and serves in order, whoever comes, ends and leaves", async () => {
    const [most, mostWaiting] = [4, 12];
    const { room } = roomFor(most, mostWaiting);
    let seed = 11;
    const below = (bound: number): number =>
      Math.floor(((seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647) * bound);
    // What should happen: who runs and who waits, the oldest first.
    const expected: { running: number[]; waiting: number[]; refused: number[] } = {
      running: [],
      waiting: [],
      refused: [],
    };
    const callers = new Map<number, AbortController>();
    const running = new Map<number, Release>();
    const refused: number[] = [];

    const join = (number: number): void => {
      const caller = new AbortController();
      callers.set(number, caller);
      if (expected.running.length < most) expected.running.push(number);
      else if (expected.waiting.length < mostWaiting) expected.waiting.push(number);
      else expected.refused.push(number);
      room.take(caller.signal, 60_000).then(
        (release) => running.set(number, release),
        () => {
          if (!caller.signal.aborted) refused.push(number);
        },
      );
    };
    const end = (number: number | undefined): void => {
      if (number === undefined) return;
      running.get(number)?.();
      running.delete(number);
      expected.running = expected.running.filter((other) => other !== number);
      const next = expected.waiting.shift();
      if (next !== undefined) expected.running.push(next);
    };
    const leave = (number: number | undefined): void => {
      if (number === undefined) return;
      callers.get(number)?.abort();
      expected.waiting = expected.waiting.filter((other) => other !== number);
    };

    for (let step = 0; step < 3_000; step++) {
      // Times of rush and of calm, several events in one turn.
      const rush = Math.floor(step / 100) % 2 === 0 ? 6 : 3;
      for (let event = below(3); event >= 0; event--) {
        if (below(10) < rush) join(step * 10 + event);
        else if (below(3) === 0) leave(expected.waiting[below(expected.waiting.length)]);
        else end([...running.keys()][below(running.size)]);
      }
      await settle();
      // In one turn, who is handed a place and who finds another free may hear of it in any order.
      expect(new Set(running.keys())).toEqual(new Set(expected.running));
      expect(room.waiting).toBe(expected.waiting.length);
      expect(room.running).toBe(expected.running.length);
      expect(room.running).toBeLessThanOrEqual(most);
    }
    expect(refused).toEqual(expected.refused);
    expect(refused.length).toBeGreaterThan(50);
  });
});
