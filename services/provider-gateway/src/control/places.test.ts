import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Places, type Release } from "./places.js";
import { WaitingRoom } from "./waiting-room.js";

const stays = new AbortController().signal;
const overloaded = { reason: "overloaded", retryable: true, failOver: "any", repeats: 0, blames: "nobody" };
const refusal = (retryAfterMs = 1_000) => ({ error: { ...overloaded, retryAfterMs } });
const canceled = { error: { reason: "canceled" } };

function placesFor(most: number | undefined, seats = 256) {
  const clock = { now: 0 };
  const room = new WaitingRoom({ seats, what: "acme" });
  const places = new Places({ ...(most !== undefined && { most }), now: () => clock.now, what: "acme" });
  const take = async (signal: AbortSignal, leftMs: number): Promise<Release> => {
    const visit = room.enter({ signal, leftMs: () => leftMs });
    return places.take(visit).finally(() => visit.leave());
  };
  /** Lets as many calls be seen as it needs to know how long one lasts. */
  const see = async (heldMs: number, calls = 20): Promise<void> => {
    for (let i = 0; i < calls; i++) {
      const release = await take(stays, 1);
      clock.now += heldMs;
      release();
    }
  };
  return { clock, take, see, counts: () => [places.running, room.waiting] };
}

/** Lets every promise that can settle do so. Timers stand still. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

describe("places", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it("are given in the order of asking, each once", async () => {
    const { take, counts } = placesFor(1);
    const order: number[] = [];
    const release = await take(stays, 1_000);
    const waiting = [1, 2].map(async (number) => {
      const mine = await take(stays, 1_000);
      order.push(number);
      mine();
      mine();
    });
    release();
    await Promise.all(waiting);
    expect(order).toEqual([1, 2]);
    expect(counts()).toEqual([0, 0]);
  });

  it("let no newcomer overtake one whose place was just given back", async () => {
    const { take, counts } = placesFor(1);
    const release = await take(stays, 1_000);
    const first = take(stays, 1_000);
    release();
    const order: string[] = [];
    const newcomer = take(stays, 1_000).then(() => order.push("newcomer"));
    await settle();
    expect([...counts(), order]).toEqual([1, 1, []]);
    (await first)();
    await newcomer;
    expect(order).toEqual(["newcomer"]);
  });

  it("refuse at once when too many wait", async () => {
    const { take, counts } = placesFor(1, 2);
    await take(stays, 1_000);
    const caller = new AbortController();
    const waiting = [take(caller.signal, 60_000), take(caller.signal, 60_000)];
    expect(counts()).toEqual([1, 2]);
    await expect(take(stays, 60_000)).rejects.toMatchObject(refusal());
    caller.abort();
    for (const left of waiting) await expect(left).rejects.toMatchObject(canceled);
    expect(counts()).toEqual([1, 0]);
  });

  it("refuse when the time is up, and then give that place in the queue to nobody", async () => {
    const { take, counts } = placesFor(1);
    const release = await take(stays, 1_000);
    const late = expect(take(stays, 50)).rejects.toMatchObject(refusal());
    const next = take(stays, 5_000);
    await vi.advanceTimersByTimeAsync(50);
    await late;
    expect(counts()).toEqual([1, 1]);
    release();
    (await next)();
    expect(counts()).toEqual([0, 0]);
  });

  it("refuse who would wait too long by what was seen, and say how long", async () => {
    const { take, see } = placesFor(1);
    await see(2_500);
    const release = await take(stays, 1);
    const first = take(stays, 2_500);
    await expect(take(stays, 4_999)).rejects.toMatchObject(refusal(5_000));
    const second = take(stays, 5_000);
    await expect(take(stays, 5_000)).rejects.toMatchObject(refusal(8_000));
    release();
    (await first)();
    (await second)();
  });

  it("refuse nobody for what too few calls say, and ask nobody to wait for hours", async () => {
    const { take, see } = placesFor(1);
    await see(3_600_000, 15);
    const release = await take(stays, 1);
    const waiting = take(stays, 10);
    release();
    (await waiting)();
    await take(stays, 1);
    await expect(take(stays, 10)).rejects.toMatchObject(refusal(60_000));
  });

  it("follow what calls last now", async () => {
    const { take, see } = placesFor(2);
    await see(10_000);
    await see(100, 100);
    await take(stays, 1);
    const release = await take(stays, 1);
    const waiting = take(stays, 200);
    release();
    (await waiting)();
  });

  it("bound nothing when no bound is set", async () => {
    const { take, counts } = placesFor(undefined, 0);
    await Promise.all(Array.from({ length: 1_000 }, () => take(stays, 1)));
    expect(counts()).toEqual([1_000, 0]);
    await expect(take(AbortSignal.abort(), 1)).rejects.toMatchObject(canceled);
  });

  it("leave no timer and no listener behind, however a wait ends", async () => {
    const { take, counts } = placesFor(1);
    const { signal } = new AbortController();
    const leaver = new AbortController();
    const release = await take(signal, 1_000);
    const granted = take(signal, 1_000);
    const left = take(leaver.signal, 1_000);
    const late = take(signal, 10);
    expect(vi.getTimerCount()).toBe(3);
    const ends = Promise.allSettled([left, late]);
    await vi.advanceTimersByTimeAsync(10);
    leaver.abort();
    release();
    (await granted)();
    expect((await ends).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(vi.getTimerCount()).toBe(0);
    expect([signal, leaver.signal].map((each) => getEventListeners(each, "abort").length)).toEqual([0, 0]);
    expect(counts()).toEqual([0, 0]);
  });

  it("serve 10,000 that wait in order, whoever of them leaves", async () => {
    const { take, counts } = placesFor(1, 10_000);
    const release = await take(stays, 1_000);
    const served: number[] = [];
    const callers = Array.from({ length: 10_000 }, () => new AbortController());
    const waiting = callers.map(async ({ signal }, number) => {
      const mine = await take(signal, 60_000);
      served.push(number);
      mine();
    });
    await expect(take(stays, 60_000)).rejects.toMatchObject(refusal());
    for (let number = 0; number < 10_000; number += 3) callers[number]?.abort();
    release();
    await Promise.allSettled(waiting);
    expect(served).toEqual(callers.map((_, number) => number).filter((number) => number % 3 !== 0));
    expect(counts()).toEqual([0, 0]);
  });

  it("never run more than their bound, and serve in order, whoever comes, ends and leaves", async () => {
    const most = 4;
    const { take, counts } = placesFor(most, Infinity);
    let seed = 11;
    const below = (bound: number): number =>
      Math.floor(((seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647) * bound);
    // What should happen: who runs and who waits, the oldest first.
    const expected: { running: number[]; waiting: number[] } = { running: [], waiting: [] };
    const callers = new Map<number, AbortController>();
    const running = new Map<number, Release>();
    let mostWaited = 0;

    const join = (number: number): void => {
      const caller = new AbortController();
      callers.set(number, caller);
      if (expected.running.length < most) expected.running.push(number);
      else expected.waiting.push(number);
      take(caller.signal, 60_000).then(
        (release) => running.set(number, release),
        (error) => {
          if (!caller.signal.aborted) throw error;
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
      expect(counts()).toEqual([expected.running.length, expected.waiting.length]);
      expect(running.size).toBeLessThanOrEqual(most);
      mostWaited = Math.max(mostWaited, expected.waiting.length);
    }
    expect(mostWaited).toBeGreaterThan(50);
  });
});
