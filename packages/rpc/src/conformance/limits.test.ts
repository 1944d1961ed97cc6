import { Code } from "@connectrpc/connect";
import { ViolationsSchema } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { describe, expect, it } from "vitest";
import { failureOf } from "../errors/failure-of.js";
import { createGate } from "../testing/gate.js";
import { ways } from "../testing/houses.js";
import { answer, piece, pieceTexts, question } from "../testing/questions.js";
import { thrownBy } from "../testing/thrown-by.js";
import { until } from "../testing/until.js";

const small = { readMaxBytes: 65_536, writeMaxBytes: 65_536 };

describe.each(ways)("$name: limits", ({ open }) => {
  it("trap 5: refuses a request that is larger than the limit", async () => {
    let calls = 0;
    await using house = await open({ complete: () => answer(String((calls += 1))) }, { limits: small });
    const error = await thrownBy(house.client.complete(question("x".repeat(70_000))));
    expect(error.code).toBe(Code.ResourceExhausted);
    expect(failureOf(error)).toMatchObject({ reason: "request_too_large", retryable: false });
    expect(calls).toBe(0);
    expect((await house.client.complete(question("small"))).completion?.servedModel).toBe("1");
  });

  it("trap 5: refuses a response that is larger than the limit", async () => {
    await using house = await open({ complete: () => answer("x".repeat(70_000)) }, { limits: small });
    const error = await thrownBy(house.client.complete(question("x")));
    expect(error.code).toBe(Code.ResourceExhausted);
  });

  it("trap 5: ends a stream whose message is larger than the limit", async () => {
    const over = createGate();
    await using house = await open(
      {
        async *streamCompletion() {
          try {
            yield piece("small");
            yield piece("x".repeat(70_000));
          } finally {
            over.open();
          }
        },
      },
      { limits: small },
    );
    const error = await thrownBy(pieceTexts(house.client.streamCompletion(question("x"))));
    expect(error.code).toBe(Code.ResourceExhausted);
    await over.opened;
  });

  it("trap 5: has a limit of 16 MiB when nothing is set", async () => {
    await using house = await open({ complete: () => answer("x") });
    const error = await thrownBy(house.client.complete(question("x".repeat(17 * 1024 * 1024))));
    expect(error.code).toBe(Code.ResourceExhausted);
  });

  it("refuses calls beyond the limit of calls at once, and says when to come again", async () => {
    const gate = createGate();
    await using house = await open(
      {
        async complete() {
          await gate.opened;
          return answer("x");
        },
      },
      { middleware: { maxInFlight: 2 } },
    );
    const running = [house.client.complete(question("1")), house.client.complete(question("2"))];
    await until(
      "two are running",
      async () => (await house.recorder.metric("synod_rpc_calls_in_flight")) === 2,
    );
    const error = await thrownBy(house.client.complete(question("3")));
    expect(error.code).toBe(Code.Unavailable);
    expect(failureOf(error)).toMatchObject({ reason: "overloaded", retryable: true, retryAfterMs: 1_000 });
    gate.open();
    await Promise.all(running);
    await house.client.complete(question("4"));
  });

  it("refuses a request that breaks a constraint, with the violations, before the handler", async () => {
    let calls = 0;
    await using house = await open({
      complete: () => answer(String((calls += 1))),
      async *streamCompletion() {
        yield piece(String((calls += 1)));
      },
    });
    const unary = await thrownBy(house.client.complete({ completion: { model: "", messages: [] } }));
    const stream = await thrownBy(pieceTexts(house.client.streamCompletion({})));
    for (const error of [unary, stream]) {
      expect(error.code).toBe(Code.InvalidArgument);
      expect(failureOf(error).reason).toBe("invalid_value");
      expect(error.findDetails(ViolationsSchema)[0]?.violations.length).toBeGreaterThan(0);
    }
    expect(unary.message).toContain("completion.model");
    expect(calls).toBe(0);
  });
});
