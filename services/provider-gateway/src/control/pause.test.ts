import { getEventListeners } from "node:events";
import { expect, it } from "vitest";
import { pause } from "./pause.js";

it("a pause lets time pass, and ends when the caller leaves", async () => {
  const caller = new AbortController();
  const startedAt = performance.now();
  await pause(20, caller.signal);
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(19);
  const left = pause(60_000, caller.signal);
  caller.abort();
  await expect(left).rejects.toMatchObject({ error: { reason: "canceled" } });
  await expect(pause(1, caller.signal)).rejects.toMatchObject({ error: { reason: "canceled" } });
  expect(getEventListeners(caller.signal, "abort")).toEqual([]);
});
