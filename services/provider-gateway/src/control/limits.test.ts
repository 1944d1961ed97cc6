import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { visitor } from "../testing/visitor.js";
import { type LimitOptions, Limits, type Taken } from "./limits.js";
import { WaitingRoom } from "./waiting-room.js";

function limitsFor(options: Omit<LimitOptions, "now"> = {}) {
  const limits = new Limits({ now: () => performance.now(), ...options });
  /** What became of calls, each by its name, in order. */
  const ends: string[] = [];
  const take = async (name: string, leftMs = 3_600_000, tokens = 1, caller?: AbortController) => {
    const end = await limits.take(tokens, visitor(leftMs, caller)).then(
      (taken) => (taken === undefined ? "sent away" : "taken"),
      (error) => error.error.reason,
    );
    ends.push(end === "taken" ? name : `${name}: ${end}`);
  };
  return { limits, ends, take };
}

/** Takes as many calls as fit. */
async function fill(limits: Limits, calls: number): Promise<Taken[]> {
  const all: Taken[] = [];
  for (let call = 0; call < calls; call++) {
    const taken = await limits.take(1, visitor());
    if (taken !== undefined) all.push(taken);
  }
  return all;
}

describe("limits", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it("let wait who does not fit, first come, first served", async () => {
    const { limits, ends, take } = limitsFor({ requestsPerMinute: 60 });
    await fill(limits, 60);
    const all = Array.from({ length: 30 }, (_, number) => take(`${number}`));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(ends).toEqual(["0"]);
    all.push(take("late comer"));
    await vi.advanceTimersByTimeAsync(30_000);
    await Promise.all(all);
    expect(ends).toEqual([...Array.from({ length: 30 }, (_, number) => `${number}`), "late comer"]);
    expect([limits.waiting, vi.getTimerCount()]).toEqual([0, 0]);
  });

  it("refuse at once who would wait too long, all counted that wait before him (F1)", async () => {
    const { limits, ends, take } = limitsFor({ requestsPerMinute: 60 });
    const startedAt = performance.now();
    const all = Array.from({ length: 200 }, () => take("call", 6_500));
    await vi.advanceTimersByTimeAsync(0);
    expect(limits.waiting).toBe(6);
    const refused = ends.filter((end) => end === "call: rate_limit_exceeded");
    expect([ends.length, refused.length]).toEqual([194, 134]);
    await expect(limits.take(1, visitor(6_500))).rejects.toMatchObject({ error: { retryAfterMs: 7_000 } });
    await vi.advanceTimersByTimeAsync(6_000);
    await Promise.all(all);
    expect(ends.filter((end) => end === "call")).toHaveLength(66);
    expect(performance.now() - startedAt).toBe(6_000);
  });

  it("add up the tokens of those who wait, each a full bucket at most", async () => {
    const { limits, ends, take } = limitsFor({ tokensPerMinute: 60 });
    await limits.take(60, visitor());
    const all = [take("30", undefined, 30), take("500", undefined, 500), take("10", undefined, 10)];
    await vi.advanceTimersByTimeAsync(0);
    expect(limits.waitMs(1)).toBe(101_000);
    await expect(limits.take(1, visitor(100_999))).rejects.toMatchObject({
      error: { reason: "rate_limit_exceeded", retryAfterMs: 101_000 },
    });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(ends).toEqual(["30"]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ends).toEqual(["30", "500"]);
    await vi.advanceTimersByTimeAsync(10_000);
    await Promise.all(all);
    expect(ends).toEqual(["30", "500", "10"]);
  });

  it("let no small call overtake a large one that waits", async () => {
    const { limits, ends, take } = limitsFor({ tokensPerMinute: 60 });
    await limits.take(50, visitor());
    const all = [take("large", undefined, 20), take("small", undefined, 1)];
    await vi.advanceTimersByTimeAsync(0);
    expect(ends).toEqual([]);
    await vi.advanceTimersByTimeAsync(11_000);
    await Promise.all(all);
    expect(ends).toEqual(["large", "small"]);
  });

  it("let others move up when one leaves, and when one gives back what he took", async () => {
    const { limits, ends, take } = limitsFor({ requestsPerMinute: 60 });
    const [taken] = await fill(limits, 60);
    const leaver = new AbortController();
    const all = [take("leaver", undefined, 1, leaver), take("first"), take("second")];
    await vi.advanceTimersByTimeAsync(0);
    leaver.abort();
    if (taken !== undefined) limits.giveBack(taken);
    await vi.advanceTimersByTimeAsync(0);
    expect(ends).toEqual(["leaver: canceled", "first"]);
    await vi.advanceTimersByTimeAsync(1_000);
    await Promise.all(all);
    expect(ends).toEqual(["leaver: canceled", "first", "second"]);
    expect(getEventListeners(leaver.signal, "abort")).toEqual([]);
  });

  it("let nothing through while they are closed, and go on in order (F1)", async () => {
    const { limits, ends, take } = limitsFor();
    limits.closeFor(2_000);
    const all = [take("first"), take("second")];
    await vi.advanceTimersByTimeAsync(1_999);
    expect([ends, limits.isClosed]).toEqual([[], true]);
    await vi.advanceTimersByTimeAsync(1);
    await Promise.all(all);
    expect([ends, limits.isClosed]).toEqual([["first", "second"], false]);
  });

  it("send away who waits in vain once they are closed, and keep the others in order", async () => {
    const { limits, ends, take } = limitsFor({ requestsPerMinute: 60 });
    await fill(limits, 60);
    const all = [take("patient"), take("hasty", 5_000), take("second")];
    await vi.advanceTimersByTimeAsync(0);
    limits.closeFor(10_000);
    limits.closeFor(1_000);
    await vi.advanceTimersByTimeAsync(0);
    expect(ends).toEqual(["hasty: sent away"]);
    await vi.advanceTimersByTimeAsync(10_000);
    await Promise.all(all);
    expect(ends).toEqual(["hasty: sent away", "patient", "second"]);
  });

  it("send away who waits in vain by what the provider says is left", async () => {
    const { limits, ends, take } = limitsFor({ requestsPerMinute: 60 });
    const [, taken] = await fill(limits, 60);
    const waiting = take("hasty", 5_000);
    await vi.advanceTimersByTimeAsync(0);
    if (taken === undefined) throw new Error("nothing was taken");
    limits.observe(taken, { requests: { limit: 60, remaining: 0, resetMs: 600_000 } });
    await waiting;
    expect(ends).toEqual(["hasty: sent away"]);
    await expect(limits.take(1, visitor(5_000))).rejects.toMatchObject({
      error: { reason: "rate_limit_exceeded", retryAfterMs: 10_000 },
    });
  });

  it("refuse who finds no seat to wait on", async () => {
    const limits = new Limits({ now: () => performance.now() });
    limits.closeFor(1_000);
    const room = new WaitingRoom({ seats: 0, what: "acme" });
    const visit = room.enter({ signal: new AbortController().signal, leftMs: () => 5_000 });
    await expect(limits.take(1, visit)).rejects.toMatchObject({ error: { reason: "overloaded" } });
    expect(limits.waiting).toBe(0);
  });

  it("serve 1,000 that wait in order, whoever of them leaves", async () => {
    const { limits, ends, take } = limitsFor({ tokensPerMinute: 60_000 });
    await limits.take(60_000, visitor());
    const callers = Array.from({ length: 1_000 }, () => new AbortController());
    const all = callers.map((caller, number) => take(`${number}`, undefined, 1, caller));
    await vi.advanceTimersByTimeAsync(0);
    for (let number = 0; number < 1_000; number += 3) callers[number]?.abort();
    await vi.advanceTimersByTimeAsync(1_000);
    await Promise.all(all);
    const stayed = callers.map((_, number) => `${number}`).filter((_, number) => number % 3 !== 0);
    expect(ends.filter((end) => !end.includes(":"))).toEqual(stayed);
    expect([limits.waiting, vi.getTimerCount()]).toEqual([0, 0]);
  });
});
