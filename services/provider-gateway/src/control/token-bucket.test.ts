import { describe, expect, it } from "vitest";
import type { LimitState } from "../providers/codec.js";
import { type Ticket, TokenBucket } from "./token-bucket.js";

function bucketAt(perMinute?: number) {
  const clock = { now: 0 };
  const bucket = new TokenBucket({
    now: () => clock.now,
    ...(perMinute !== undefined && { perMinute }),
  });
  return { clock, bucket };
}

describe("a token bucket", () => {
  it("bounds nothing before anything is known", () => {
    const { bucket } = bucketAt();
    bucket.take(1e9);
    expect(bucket.waitMs(1e9)).toBe(0);
  });

  it("fills evenly up to its setting", () => {
    const { bucket, clock } = bucketAt(60);
    for (let i = 0; i < 60; i++) bucket.take(1);
    expect(bucket.waitMs(1)).toBe(1_000);
    clock.now = 1_000;
    expect(bucket.waitMs(1)).toBe(0);
    clock.now = 600_000;
    bucket.take(60);
    expect(bucket.waitMs(2)).toBe(2_000);
  });

  it("lets what never fits wait for a full bucket: the provider may refuse it", () => {
    const { bucket, clock } = bucketAt(60);
    bucket.take(30);
    expect(bucket.waitMs(500)).toBe(30_000);
    clock.now = 30_000;
    expect(bucket.waitMs(500)).toBe(0);
  });

  it("believes the provider: what is left, and when it is full again", () => {
    const { bucket, clock } = bucketAt();
    bucket.observe(bucket.take(100), { limit: 1_000, remaining: 200, resetMs: 8_000 });
    expect(bucket.waitMs(200)).toBe(0);
    expect(bucket.waitMs(300)).toBe(1_000);
    clock.now = 4_000;
    expect(bucket.waitMs(600)).toBe(0);
    expect(bucket.waitMs(700)).toBe(1_000);
  });

  it("subtracts what was taken after the call that the provider speaks of", () => {
    const { bucket } = bucketAt();
    const first = bucket.take(100);
    const second = bucket.take(300);
    bucket.observe(first, { limit: 1_000, remaining: 500, resetMs: 5_000 });
    expect(bucket.waitMs(200)).toBe(0);
    expect(bucket.waitMs(201)).toBeGreaterThan(0);
    bucket.observe(second, { limit: 1_000, remaining: 200, resetMs: 8_000 });
    expect(bucket.waitMs(200)).toBe(0);
  });

  it("gives back what was not used, once", () => {
    const { bucket } = bucketAt(10);
    const ticket = bucket.take(10);
    bucket.giveBack(ticket);
    bucket.giveBack(ticket);
    expect(bucket.waitMs(10)).toBe(0);
    bucket.take(10);
    expect(bucket.waitMs(1)).toBe(6_000);
  });

  it("lets the late word on an older call raise nothing that a newer one said", () => {
    const { bucket } = bucketAt();
    const [older, newer] = [bucket.take(100), bucket.take(700)];
    bucket.observe(newer, { limit: 1_000, remaining: 200, resetMs: 8_000 });
    bucket.observe(older, { limit: 1_000, remaining: 900, resetMs: 1_000 });
    expect(bucket.waitMs(200)).toBe(0);
    expect(bucket.waitMs(201)).toBeGreaterThan(0);
  });

  it("lets the late word on an older call lower what is left", () => {
    const { bucket } = bucketAt();
    const [older, newer] = [bucket.take(100), bucket.take(100)];
    bucket.observe(newer, { limit: 1_000, remaining: 900, resetMs: 1_000 });
    bucket.observe(older, { limit: 1_000, remaining: 500, resetMs: 5_000 });
    expect(bucket.waitMs(501)).toBeGreaterThan(0);
  });

  it("gives nothing back to a figure that never counted it", () => {
    const { bucket } = bucketAt();
    const unsent = bucket.take(500);
    bucket.observe(bucket.take(100), { limit: 1_000, remaining: 300, resetMs: 7_000 });
    bucket.giveBack(unsent);
    expect(bucket.waitMs(300)).toBe(0);
    expect(bucket.waitMs(400)).toBe(1_000);
    const later = bucket.take(300);
    bucket.giveBack(later);
    expect(bucket.waitMs(300)).toBe(0);
  });

  it("takes a full bucket at most, so that what never fits does not shut it for long", () => {
    const { bucket } = bucketAt(60);
    const ticket = bucket.take(6_000);
    expect(bucket.waitMs(1)).toBe(1_000);
    bucket.giveBack(ticket);
    expect(bucket.waitMs(60)).toBe(0);
  });

  it("owes nothing: a provider refuses what does not fit", () => {
    const { bucket } = bucketAt();
    const first = bucket.take(100);
    for (let i = 0; i < 1_000; i++) bucket.take(500);
    bucket.observe(first, { limit: 1_000, remaining: 900, resetMs: 1_000 });
    expect(bucket.waitMs(1_000)).toBe(10_000);
  });

  it("keeps to a setting and to the provider, whichever is stricter", () => {
    const { bucket, clock } = bucketAt(60);
    bucket.observe(bucket.take(1), { limit: 1_000, remaining: 999, resetMs: 1 });
    for (let i = 0; i < 59; i++) bucket.take(1);
    expect(bucket.waitMs(1)).toBe(1_000);
    clock.now = 60_000;
    bucket.observe(bucket.take(1), { limit: 1_000, remaining: 0, resetMs: 100_000 });
    expect(bucket.waitMs(10)).toBe(1_000);
  });

  it("forgets a call about which the provider says nothing, but not what it took", () => {
    const { bucket } = bucketAt();
    bucket.observe(bucket.take(1), { limit: 10, remaining: 5, resetMs: 5_000 });
    const silent = bucket.take(5);
    bucket.settle(silent);
    bucket.giveBack(silent);
    expect(bucket.waitMs(1)).toBe(1_000);
  });

  it("keeps its pace when the provider says that nothing is missing", () => {
    const { bucket } = bucketAt();
    bucket.observe(bucket.take(1), { limit: 10, remaining: 0, resetMs: 1_000 });
    bucket.observe(bucket.take(1), { limit: 10, remaining: 10, resetMs: 0 });
    bucket.take(10);
    expect(bucket.waitMs(1)).toBe(100);
  });

  it.each([
    { limit: 0, remaining: 0, resetMs: 0 },
    { limit: -5, remaining: 1, resetMs: 1 },
    { limit: Number.NaN, remaining: 1, resetMs: 1 },
    { limit: Number.POSITIVE_INFINITY, remaining: 0, resetMs: 1e300 },
    { limit: 10, remaining: -1, resetMs: 1 },
    { limit: 10, remaining: Number.NaN, resetMs: 1 },
  ])("does not believe $limit, $remaining, $resetMs", (state) => {
    const { bucket } = bucketAt();
    bucket.observe(bucket.take(1), state);
    expect(bucket.waitMs(1_000)).toBe(0);
    bucket.observe(bucket.take(1), { limit: 1_000, remaining: 0, resetMs: 1_000 });
    bucket.observe(bucket.take(1_000), state);
    expect(bucket.waitMs(500)).toBeGreaterThanOrEqual(500);
  });

  it.each([
    { limit: 10, remaining: 0, resetMs: 1e300 },
    { limit: 10, remaining: 9.999_999, resetMs: 1e9 },
    { limit: 1, remaining: 1, resetMs: Number.POSITIVE_INFINITY },
    { limit: 5e-324, remaining: 5e-324, resetMs: 0 },
    { limit: Number.MAX_VALUE, remaining: 0, resetMs: 0 },
    { limit: Number.MAX_VALUE, remaining: 1, resetMs: 1e300 },
    { limit: 10, remaining: Number.POSITIVE_INFINITY, resetMs: 1 },
  ])("waits a day at most after $limit, $remaining, $resetMs", (state) => {
    const { bucket, clock } = bucketAt();
    bucket.observe(bucket.take(1), state);
    if (bucket.waitMs(10) === 0) bucket.take(10);
    const waitMs = bucket.waitMs(10);
    expect(waitMs).toBeGreaterThanOrEqual(0);
    expect(waitMs).toBeLessThanOrEqual(24 * 3_600_000);
    clock.now = waitMs;
    expect(bucket.waitMs(10)).toBe(0);
  });

  it("lets nothing through that a provider with an even pace refuses, in whatever order it answers", () => {
    const { bucket, clock } = bucketAt();
    let seed = 5;
    const below = (bound: number): number =>
      Math.floor(((seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647) * bound);
    const [limit, perMs] = [6_000, 0.1];
    let [left, at] = [limit, 0];
    const ask = (amount: number): LimitState => {
      left = Math.min(limit, left + (clock.now - at) * perMs);
      at = clock.now;
      expect(amount).toBeLessThanOrEqual(left + 1e-6);
      left -= amount;
      return { limit, remaining: left, resetMs: (limit - left) / perMs };
    };
    const answers: {
      readonly ticket: Ticket;
      readonly state: LimitState | undefined;
      readonly at: number;
    }[] = [];
    let accepted = 0;
    bucket.observe(bucket.take(1), ask(1));
    for (let step = 0; step < 20_000; step++) {
      clock.now += below(20);
      const amount = 1 + below(200);
      if (bucket.waitMs(amount) === 0) {
        const ticket = bucket.take(amount);
        const isSent = below(10) > 0;
        if (isSent) accepted += amount;
        answers.push({ ticket, state: isSent ? ask(amount) : undefined, at: clock.now + below(400) });
      }
      for (const answer of answers.filter(({ at: when }) => when <= clock.now)) {
        if (answer.state === undefined) bucket.giveBack(answer.ticket);
        else bucket.observe(answer.ticket, answer.state);
        answers.splice(answers.indexOf(answer), 1);
      }
    }
    // It is careful, not shut: most of what there was is used.
    expect(accepted).toBeGreaterThan(0.8 * clock.now * perMs);
  });
});
