import { SynodError } from "@synod/rpc";
import { describe, expect, it } from "vitest";
import { failed } from "./testing/failed.js";
import { answerOf, type Handlers, startHouse } from "./testing/house.js";

describe("retries", () => {
  const failingTimes = (times: number, reason: "overloaded" | "internal"): Handlers => {
    let before = 0;
    const fail = (): void => {
      before += 1;
      if (before <= times) throw new SynodError({ reason, message: "Not now.", retryAfterMs: 1 });
    };
    return {
      chat() {
        fail();
        return answerOf("42");
      },
      async *streamChat() {
        fail();
        yield { event: { case: "finished", value: { response: answerOf("42") } } };
      },
    };
  };

  it("are made as often as is said, of what can succeed later", async () => {
    await using house = await startHouse(failingTimes(2, "overloaded"), { retries: 2 });
    expect((await house.client.chat({ messages: "?" })).text).toBe("42");
    expect(house.calls).toHaveLength(3);
  });

  it("end with the last error", async () => {
    await using house = await startHouse(failingTimes(9, "overloaded"));
    expect(await failed(house.client.chat({ messages: "?" }, { retries: 1 }))).toMatchObject({
      code: "overloaded",
    });
    expect(house.calls).toHaveLength(2);
  });

  it("begin a stream again of which nothing has come", async () => {
    await using house = await startHouse(failingTimes(1, "overloaded"));
    const events = house.client.streamChat({ messages: "?" }, { retries: 1 });
    expect((await events.next()).value).toMatchObject({ type: "finished" });
    expect(house.calls).toHaveLength(2);
  });

  it("are not made of what fails again, nor beyond the time", async () => {
    await using house = await startHouse(failingTimes(9, "internal"));
    expect(await failed(house.client.chat({ messages: "?" }, { retries: 3 }))).toMatchObject({
      code: "internal",
    });
    expect(house.calls).toHaveLength(1);
    const late = new SynodError({ reason: "overloaded", message: "Later.", retryAfterMs: 60_000 });
    await using slow = await startHouse({ chat: () => Promise.reject(late) });
    expect(await failed(slow.client.chat({ messages: "?" }, { retries: 3, timeoutMs: 5_000 }))).toMatchObject(
      {
        code: "overloaded",
        retryAfterMs: 60_000,
      },
    );
    expect(slow.calls).toHaveLength(1);
  });

  it("refuse a number that is none", async () => {
    await using house = await startHouse({ chat: () => answerOf("42") });
    const { client } = house;
    expect(await failed(client.chat({ messages: "?" }, { retries: -1 }))).toMatchObject({ field: "retries" });
    expect(await failed(client.chat({ messages: "?" }, { timeoutMs: 0 }))).toMatchObject({
      field: "timeoutMs",
    });
    expect(house.calls).toEqual([]);
  });
});
