import { setTimeout as sleep } from "node:timers/promises";
import type { RunEvent } from "@synod/consensus";
import { SynodError } from "@synod/rpc";
import { createGate, eventually } from "@synod/testing";
import { describe, expect, it, vi } from "vitest";
import type { ChatEvent } from "./events.js";
import { failed } from "./testing/failed.js";
import { answerOf, eventOf, type Handlers, startHouse } from "./testing/house.js";

const roundStarted: RunEvent = { type: "round_started", round: 1, regeneration: 0, voters: 3 };

describe("streamChat", () => {
  const streaming: Handlers = {
    async *streamChat() {
      yield { event: { case: "runEvent", value: eventOf(1, roundStarted) } };
      yield {
        event: {
          case: "memberDelta",
          value: { round: 1, voter: { member: 2, sample: 1 }, model: "sim/c", text: "It", skippedChars: 3n },
        },
      };
      yield { event: { case: "delta", value: { text: "4" } } };
      yield { event: { case: "delta", value: { text: "2" } } };
      yield { event: { case: "finished", value: { response: answerOf("42") } } };
    },
  };

  it("gives what happens, then the answer", async () => {
    await using house = await startHouse(streaming);
    const seen: ChatEvent[] = [];
    for await (const event of house.client.streamChat({ messages: "?" })) seen.push(event);
    expect(seen).toMatchObject([
      {
        type: "run_event",
        logged: { runId: "r1", seq: 1, createTime: new Date(1_000), event: roundStarted },
      },
      {
        type: "member_delta",
        round: 1,
        voter: { member: 2, sample: 1 },
        model: "sim/c",
        text: "It",
        skippedChars: 3,
      },
      { type: "delta", text: "4" },
      { type: "delta", text: "2" },
      { type: "finished", answer: { text: "42", requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) } },
    ]);
  });

  it("leaves out what only a newer version knows", async () => {
    await using house = await startHouse({
      async *streamChat() {
        const newer = eventOf(1, roundStarted);
        newer.event = { case: undefined };
        yield { event: { case: "runEvent", value: newer } };
        yield { event: { case: "finished", value: { response: answerOf("42") } } };
      },
    });
    const seen: ChatEvent[] = [];
    for await (const event of house.client.streamChat({ messages: "?" })) seen.push(event);
    expect(seen).toMatchObject([
      { type: "run_event", logged: { seq: 1, event: { type: "unknown" } } },
      { type: "finished" },
    ]);
  });

  it("is cancelled by leaving the loop, which no other loop notices", async () => {
    const ended: string[] = [];
    await using house = await startHouse({
      async *streamChat(request, context) {
        const name = request.chat?.model ?? "";
        context.signal.addEventListener("abort", () => ended.push(name));
        for (;;) {
          yield { event: { case: "delta", value: { text: "more " } } };
          await sleep(1);
        }
      },
    });
    const other = house.client.streamChat({ model: "sim/other", messages: "?" });
    await other.next();
    for await (const event of house.client.streamChat({ model: "sim/left", messages: "?" })) {
      expect(event.type).toBe("delta");
      break;
    }
    await eventually(() => ended.includes("sim/left"));
    expect((await other.next()).done).toBe(false);
    expect(ended).toEqual(["sim/left"]);
    await other.return?.();
    await eventually(() => ended.length === 2);
    expect(await other.next()).toEqual({ done: true, value: undefined });
  });

  it("leaves no timer behind that would keep a process alive", async () => {
    await using house = await startHouse({
      async *streamChat(_request, context) {
        for (let i = 0; i < 20; i += 1) yield { event: { case: "delta", value: { text: "more" } } };
        await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
      },
    });
    const long = new Set<unknown>();
    const { setTimeout: set, clearTimeout: clear } = globalThis;
    vi.spyOn(globalThis, "setTimeout").mockImplementation(((task: () => void, ms?: number) => {
      const timer = set(task, ms);
      if (ms !== undefined && ms > 600_000) long.add(timer);
      return timer;
    }) as typeof set);
    vi.spyOn(globalThis, "clearTimeout").mockImplementation((timer) => {
      long.delete(timer);
      clear(timer);
    });
    try {
      for await (const event of house.client.streamChat({ messages: "?" }, { timeoutMs: 1_000_000 })) {
        expect(event).toEqual({ type: "delta", text: "more" });
        expect(long.size).toBeGreaterThan(0);
        break;
      }
      await eventually(() => long.size === 0);
    } finally {
      vi.restoreAllMocks();
    }
  });

  it("is cancelled by leaving it while it waits", async () => {
    const begun = createGate();
    let ended = false;
    await using house = await startHouse({
      // eslint-disable-next-line require-yield
      async *streamChat(_request, context) {
        context.signal.addEventListener("abort", () => (ended = true));
        begun.open();
        await new Promise(() => undefined);
      },
    });
    const events = house.client.streamChat({ messages: "?" });
    const waiting = events.next();
    await begun.opened;
    await events.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await eventually(() => ended);
  });

  it("ends with an error when the run fails after a part", async () => {
    await using house = await startHouse({
      async *streamChat() {
        yield { event: { case: "delta", value: { text: "It is" } } };
        throw new SynodError({ reason: "aggregator_unavailable", message: "It broke off." });
      },
    });
    const events = house.client.streamChat({ messages: "?" }, { retries: 3 });
    expect((await events.next()).value).toEqual({ type: "delta", text: "It is" });
    expect(await failed(events.next())).toMatchObject({ code: "aggregator_unavailable" });
    expect(await events.next()).toEqual({ done: true, value: undefined });
    expect(house.calls).toHaveLength(1);
  });
});
