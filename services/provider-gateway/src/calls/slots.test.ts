import { describe, expect, it } from "vitest";
import { Slots } from "./slots.js";

const stays = new AbortController().signal;

describe("Slots", () => {
  it("are given in the order of asking, each once", async () => {
    const slots = new Slots(1);
    const order: number[] = [];
    const release = await slots.take(stays, 1_000);
    const waiting = [1, 2].map(async (number) => {
      const mine = await slots.take(stays, 1_000);
      order.push(number);
      mine();
      mine();
    });
    release();
    await Promise.all(waiting);
    expect(order).toEqual([1, 2]);
    const again = await slots.take(stays, 1_000);
    await expect(slots.take(stays, 5)).rejects.toMatchObject({ error: { reason: "overloaded" } });
    again();
  });

  it("are refused at once when too many wait", async () => {
    const slots = new Slots(1, 1);
    const caller = new AbortController();
    await slots.take(stays, 1_000);
    const waiting = slots.take(caller.signal, 60_000);
    await expect(slots.take(stays, 60_000)).rejects.toMatchObject({
      error: { reason: "overloaded", retryable: true, retryAfterMs: 1_000 },
    });
    caller.abort();
    await expect(waiting).rejects.toMatchObject({ error: { reason: "canceled" } });
  });

  it("are without number when no limit is set", async () => {
    const slots = new Slots(undefined);
    await Promise.all(Array.from({ length: 1_000 }, () => slots.take(stays, 1)));
    await expect(slots.take(AbortSignal.abort(), 1)).rejects.toMatchObject({ error: { reason: "canceled" } });
  });
});
