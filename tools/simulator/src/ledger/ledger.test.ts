import { describe, expect, test } from "vitest";
import { createLedger } from "./ledger.js";
import type { ReceivedCall } from "./entry.js";

function received(model: string): ReceivedCall {
  return {
    provider: "openrouter",
    endpoint: "chat",
    method: "POST",
    path: "/openrouter/api/v1/chat/completions",
    model,
    stream: true,
    headers: {},
    key: null,
    bodyText: JSON.stringify({ model }),
  };
}

describe("the ledger", () => {
  test("follows a call from its receipt to its end, which is final", () => {
    const ledger = createLedger(10);
    const record = ledger.open(received("a"));
    expect(ledger.calls()).toMatchObject([
      { id: 1, state: "received", status: null, endedAt: null, body: { model: "a" } },
    ]);
    record.responding(200);
    record.sent(3);
    expect(ledger.calls({ state: "streaming" })).toMatchObject([{ status: 200, tokensSent: 3 }]);
    record.end("aborted");
    record.end("finished");
    expect(ledger.calls()).toMatchObject([{ state: "aborted", endedAt: expect.any(Number) }]);
    expect(ledger.stats()).toMatchObject({
      received: 1,
      inFlight: 0,
      peakInFlight: 1,
      aborted: 1,
      finished: 0,
      tokensSent: 3,
    });
  });

  test("counts how many calls were open at once, for each model", () => {
    const ledger = createLedger(10);
    const [first, second] = [ledger.open(received("a")), ledger.open(received("a"))];
    ledger.open(received("b"));
    first.end("finished");
    second.end("failed");
    ledger.open(received("a"));
    expect(ledger.stats()).toMatchObject({ inFlight: 2, peakInFlight: 3 });
    expect(ledger.stats().models).toMatchObject({
      a: { received: 3, inFlight: 1, peakInFlight: 2, finished: 1, failed: 1 },
      b: { inFlight: 1, peakInFlight: 1 },
    });
  });

  test("keeps the newest calls and counts all of them", () => {
    const ledger = createLedger(3);
    for (const model of ["a", "b", "c", "d", "e"]) ledger.open(received(model)).end("finished");
    expect(ledger.calls().map(({ id, model }) => `${id}${model}`)).toEqual(["3c", "4d", "5e"]);
    expect(ledger.calls({ after: 4 }).map(({ model }) => model)).toEqual(["e"]);
    expect(ledger.stats()).toMatchObject({
      received: 5,
      finished: 5,
      models: { a: { received: 1, finished: 1 } },
    });
  });

  test("keeps at most 32 Mi characters of bodies", () => {
    const ledger = createLedger(1_000);
    const bodyText = "x".repeat(4 * 1024 * 1024);
    for (let index = 0; index < 20; index++) ledger.open({ ...received("a"), bodyText });
    expect(ledger.calls()).toHaveLength(8);
  });

  test("shows copies: what a test holds does not change", () => {
    const ledger = createLedger(10);
    const record = ledger.open(received("a"));
    const [before] = ledger.calls();
    record.end("finished");
    expect(before?.state).toBe("received");
  });

  test("waits for a condition, and says how things are when it does not come", async () => {
    const ledger = createLedger(10);
    const record = ledger.open(received("a"));
    const ended = ledger.until(() => ledger.stats().finished === 1, 5_000);
    record.end("finished");
    await ended;
    await expect(ledger.until(() => false, 5)).rejects.toThrow(
      "not within 5 ms; the last calls: 1 a finished",
    );
    const broken = () => {
      throw new RangeError("broken");
    };
    await expect(ledger.until(broken, 5_000)).rejects.toThrow(RangeError);
  });

  test("a call that outlives a reset does not change the new counts", () => {
    const ledger = createLedger(10);
    const record = ledger.open(received("a"));
    ledger.reset();
    record.end("finished");
    expect(ledger.calls()).toEqual([]);
    expect(ledger.stats()).toMatchObject({ received: 0, inFlight: 0, finished: 0, models: {} });
    expect(ledger.open(received("b")).id).toBe(1);
  });
});
