import { Code } from "@connectrpc/connect";
import { describe, expect, it, vi } from "vitest";
import { createServiceClient } from "../client/service-client.js";
import { ProviderService } from "@synod/contracts/provider";
import { callContext } from "../context/call-context.js";
import { failureOf } from "../errors/failure-of.js";
import { fired, never } from "../testing/gate.js";
import { ways } from "../testing/houses.js";
import { answer, piece, pieceTexts, question } from "../testing/questions.js";
import { thrownBy } from "../testing/thrown-by.js";
import { until } from "../testing/until.js";

const soon = { timeoutMs: 100 };

describe.each(ways)("$name: deadlines", ({ open }) => {
  it("ends a unary call in time, and the handler's signal fires", async () => {
    let reason: unknown;
    await using house = await open({
      async complete(_, { signal }) {
        await fired(signal);
        reason = signal.reason;
        return answer("too late");
      },
    });
    const error = await thrownBy(house.client.complete(question("x"), soon));
    expect(error.code).toBe(Code.DeadlineExceeded);
    expect(failureOf(error)).toMatchObject({ reason: "deadline_exceeded", retryable: true });
    await until("the handler sees it", () => reason !== undefined);
    expect(failureOf(reason).reason).toBe("deadline_exceeded");
  });

  it("ends a unary call in time when the handler is deaf to its signal", async () => {
    await using house = await open({ complete: () => never });
    const error = await thrownBy(house.client.complete(question("x"), soon));
    expect(error.code).toBe(Code.DeadlineExceeded);
    await until("the call is over for the server", async () => {
      return (await house.recorder.metric("synod_rpc_calls_total", 'code="deadline_exceeded"')) === 1;
    });
  });

  it("ends a stream in time when the handler is deaf, before its first message and after it", async () => {
    await using house = await open({
      async *streamCompletion(request) {
        if (request.completion?.model === "test/slow") yield piece("first");
        await never;
      },
    });
    const silent = await thrownBy(pieceTexts(house.client.streamCompletion(question("x"), soon)));
    const slow = question("x");
    const begun = house.client.streamCompletion(
      { completion: { ...slow.completion, model: "test/slow" } },
      soon,
    );
    const error = await thrownBy(pieceTexts(begun));
    expect([silent.code, error.code]).toEqual([Code.DeadlineExceeded, Code.DeadlineExceeded]);
  });

  it("does not begin a call whose time is over", async () => {
    let calls = 0;
    await using house = await open({
      complete: () => answer(String((calls += 1))),
      async *streamCompletion() {
        yield piece(String((calls += 1)));
      },
    });
    const past = { timeoutMs: 0 };
    const unary = await thrownBy(house.client.complete(question("x"), past));
    const stream = await thrownBy(pieceTexts(house.client.streamCompletion(question("x"), past)));
    expect([unary.code, stream.code, calls]).toEqual([Code.DeadlineExceeded, Code.DeadlineExceeded, 0]);
  });

  it("must know 6: a client's calls have a deadline by default", async () => {
    let remaining = Infinity;
    await using house = await open({
      complete(_, context) {
        remaining = callContext(context).remainingMs();
        return never;
      },
    });
    await house.client.complete(question("x"), { signal: AbortSignal.timeout(50) }).catch(() => undefined);
    await until("it is called", () => remaining !== Infinity);
    expect(remaining).toBeGreaterThan(200_000);
    expect(remaining).toBeLessThanOrEqual(300_000);
    const client = createServiceClient(ProviderService, house.transport, { defaultTimeoutMs: 50 });
    expect((await thrownBy(client.complete(question("x")))).code).toBe(Code.DeadlineExceeded);
  });

  it("shortens a deadline that is longer than the service allows", async () => {
    await using house = await open({ complete: () => never }, { middleware: { maxTimeoutMs: 50 } });
    const error = await thrownBy(house.client.complete(question("x"), { timeoutMs: 60_000 }));
    expect(error.code).toBe(Code.DeadlineExceeded);
  });

  it("F39: is not moved by a clock that jumps", async () => {
    const real = Date.now;
    let jumps = 0;
    const clock = vi.spyOn(Date, "now").mockImplementation(() => real() + 7_200_000 * (-1) ** (jumps += 1));
    try {
      let remaining = 0;
      await using house = await open({
        complete(_, context) {
          remaining = callContext(context).remainingMs();
          return answer("x");
        },
      });
      for (let call = 0; call < 10; call += 1) {
        await house.client.complete(question("x"), { timeoutMs: 60_000 });
        expect(remaining).toBeGreaterThan(50_000);
        expect(remaining).toBeLessThanOrEqual(60_000);
      }
    } finally {
      clock.mockRestore();
    }
  });

  it("tells the handler how long it has", async () => {
    let seen: { remaining: number; deadlineMs: number | undefined } | undefined;
    await using house = await open({
      complete(_, context) {
        const { remainingMs, deadlineMs } = callContext(context);
        seen = { remaining: remainingMs(), deadlineMs };
        return answer("x");
      },
    });
    await house.client.complete(question("x"), { timeoutMs: 60_000 });
    expect(seen?.remaining).toBeGreaterThan(50_000);
    expect(seen?.remaining).toBeLessThanOrEqual(60_000);
    expect(seen?.deadlineMs).toBeGreaterThan(performance.now());
  });
});
