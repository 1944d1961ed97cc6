import { getEventListeners } from "node:events";
import { Code } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { failureOf } from "../errors/failure-of.js";
import { SynodError } from "../errors/synod-error.js";
import { createGate, fired, never } from "../testing/gate.js";
import { type Handlers, ways } from "../testing/houses.js";
import { answer, piece, pieceText, pieceTexts, question } from "../testing/questions.js";
import { thrownBy } from "../testing/thrown-by.js";
import { until } from "../testing/until.js";

/** A stream that waits for its reader after each piece, and notes what becomes of it. */
function endless() {
  const seen = { signal: false, cleanedUp: false, reason: undefined as unknown };
  const handlers: Handlers = {
    async *streamCompletion(_, { signal }) {
      signal.addEventListener("abort", () => {
        seen.signal = true;
        seen.reason = signal.reason;
      });
      try {
        yield piece("first");
        await fired(signal);
        yield piece("too late");
      } finally {
        seen.cleanedUp = true;
      }
    },
  };
  return { seen, handlers };
}

describe.each(ways)("$name: leaving early", ({ open }) => {
  it("trap 1: break cancels the call", async () => {
    const { seen, handlers } = endless();
    await using house = await open(handlers);
    for await (const message of house.client.streamCompletion(question("x"))) {
      expect(pieceText(message)).toBe("first");
      break;
    }
    await until("the signal fires", () => seen.signal);
    await until("the handler cleans up", () => seen.cleanedUp);
  });

  it("trap 1: a throw inside the loop cancels the call", async () => {
    const { seen, handlers } = endless();
    await using house = await open(handlers);
    const loop = async () => {
      for await (const message of house.client.streamCompletion(question("x"))) {
        throw new RangeError(pieceText(message));
      }
    };
    await expect(loop()).rejects.toThrow(RangeError);
    await until("the signal fires", () => seen.signal);
    await until("the handler cleans up", () => seen.cleanedUp);
  });

  it("trap 1: return() cancels the call, and nothing follows it", async () => {
    const { seen, handlers } = endless();
    await using house = await open(handlers);
    const iterator = house.client.streamCompletion(question("x"))[Symbol.asyncIterator]();
    await iterator.next();
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    await until("the handler cleans up", () => seen.signal && seen.cleanedUp);
  });

  it("trap 2: a handler that is suspended at a yield is cleaned up", async () => {
    let cleanedUp = false;
    await using house = await open({
      async *streamCompletion() {
        try {
          // Far more than the buffers of a wire hold, so that the handler is stopped in the middle.
          for (;;) yield piece("x".repeat(100_000));
        } finally {
          cleanedUp = true;
        }
      },
    });
    for await (const message of house.client.streamCompletion(question("x"))) {
      expect(pieceText(message)).toHaveLength(100_000);
      break;
    }
    await until("the handler cleans up", () => cleanedUp);
  });

  it("counts and logs a call that was left as canceled, 499", async () => {
    const { handlers } = endless();
    await using house = await open(handlers);
    for await (const _ of house.client.streamCompletion(question("x"))) break;
    await until("it is logged", () => house.recorder.entries.some((entry) => entry["status"] === 499));
    expect(await house.recorder.metric("synod_rpc_calls_total", 'code="canceled"')).toBe(1);
    expect(await house.recorder.metric("synod_rpc_calls_in_flight", "StreamCompletion")).toBe(0);
  });
});

describe.each(ways)("$name: cancellation", ({ open }) => {
  it("cancels a unary call by the caller's signal", async () => {
    let reason: unknown;
    const begun = createGate();
    await using house = await open({
      async complete(_, { signal }) {
        begun.open();
        await fired(signal);
        reason = signal.reason;
        throw new DOMException("stopped", "AbortError");
      },
    });
    const controller = new AbortController();
    const call = thrownBy(house.client.complete(question("x"), { signal: controller.signal }));
    await begun.opened;
    controller.abort();
    const error = await call;
    expect(error.code).toBe(Code.Canceled);
    expect(failureOf(error).reason).toBe("canceled");
    await until("the handler sees it", () => reason !== undefined);
  });

  it("cancels a stream by the caller's signal, even when the handler is deaf to it", async () => {
    await using house = await open({
      async *streamCompletion() {
        yield piece("first");
        await never;
      },
    });
    const controller = new AbortController();
    const iterator = house.client
      .streamCompletion(question("x"), { signal: controller.signal })
      [Symbol.asyncIterator]();
    await iterator.next();
    const next = thrownBy(iterator.next());
    controller.abort();
    expect((await next).code).toBe(Code.Canceled);
    await until("it is logged", () => house.recorder.entries.some((entry) => entry["status"] === 499));
  });

  it("does not begin a call whose signal has fired", async () => {
    let calls = 0;
    await using house = await open({
      complete: () => answer(String((calls += 1))),
      async *streamCompletion() {
        yield piece(String((calls += 1)));
      },
    });
    const signal = AbortSignal.abort();
    const unary = await thrownBy(house.client.complete(question("x"), { signal }));
    const stream = await thrownBy(pieceTexts(house.client.streamCompletion(question("x"), { signal })));
    expect([unary.code, stream.code, calls]).toEqual([Code.Canceled, Code.Canceled, 0]);
  });

  it("trap 3: the handler's signal fires after a normal end too", async () => {
    const signals: AbortSignal[] = [];
    await using house = await open({
      complete(_, { signal }) {
        signals.push(signal);
        return answer("x");
      },
      async *streamCompletion(_, { signal }) {
        signals.push(signal);
        yield piece("x");
      },
    });
    await house.client.complete(question("x"));
    await pieceTexts(house.client.streamCompletion(question("x")));
    await until("both fire", () => signals.length === 2 && signals.every((signal) => signal.aborted));
    expect(await house.recorder.metric("synod_rpc_calls_total", 'code="canceled"')).toBeUndefined();
  });

  it("trap 4: the signal's reason is the same everywhere", async () => {
    const { seen, handlers } = endless();
    await using house = await open(handlers);
    for await (const _ of house.client.streamCompletion(question("x"))) break;
    await until("the signal fires", () => seen.signal);
    expect(seen.reason).toBeInstanceOf(SynodError);
    expect(failureOf(seen.reason).reason).toBe("canceled");
  });

  it("leaves no listener on the caller's signal", async () => {
    await using house = await open({
      complete: () => answer("x"),
      async *streamCompletion() {
        yield piece("x");
        yield piece("y");
      },
    });
    const { signal } = new AbortController();
    await house.client.complete(question("x"), { signal });
    await pieceTexts(house.client.streamCompletion(question("x"), { signal }));
    for await (const _ of house.client.streamCompletion(question("x"), { signal })) break;
    await until("all are gone", () => getEventListeners(signal, "abort").length === 0);
  });

  it("logs a clean-up that fails after the caller has left", async () => {
    await using house = await open({
      async *streamCompletion(_, { signal }) {
        try {
          yield piece("first");
          await fired(signal);
        } finally {
          await Promise.reject(new Error("clean-up went wrong"));
        }
      },
    });
    for await (const _ of house.client.streamCompletion(question("x"))) break;
    await until("it is logged", () =>
      house.recorder.entries.some((entry) => JSON.stringify(entry).includes("clean-up went wrong")),
    );
  });
});
