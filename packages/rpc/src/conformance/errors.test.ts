import { Code, ConnectError } from "@connectrpc/connect";
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from "@synod/contracts/rpc-details";
import { describe, expect, it } from "vitest";
import { failureOf } from "../errors/failure-of.js";
import { SynodError } from "../errors/synod-error.js";
import { ways } from "../testing/houses.js";
import { piece, pieceText, pieceTexts, question } from "../testing/questions.js";
import { thrownBy } from "../testing/thrown-by.js";
import { until } from "../testing/until.js";

describe.each(ways)("$name: errors", ({ open }) => {
  it("carries a failure with its details, and nothing of its cause", async () => {
    const cause = new Error("secret cause");
    const failure = new SynodError(
      { reason: "rate_limit_exceeded", message: "groq: slow down \u{1F6A6}", retryAfterMs: 1_500 },
      {
        cause,
        metadata: { model: "groq/x" },
        fieldViolations: [{ field: "completion.model", description: "too popular" }],
      },
    );
    await using house = await open({
      complete: () => Promise.reject(failure),
      async *streamCompletion() {
        yield piece("first");
        throw failure;
      },
    });
    const unary = await thrownBy(house.client.complete(question("x")));
    const stream = await thrownBy(pieceTexts(house.client.streamCompletion(question("x"))));
    for (const error of [unary, stream]) {
      expect(error.code).toBe(Code.ResourceExhausted);
      expect(failureOf(error)).toEqual({
        reason: "rate_limit_exceeded",
        message: "groq: slow down \u{1F6A6}",
        retryable: true,
        retryAfterMs: 1_500,
      });
      const [info] = error.findDetails(ErrorInfoSchema);
      expect([info?.reason, info?.domain, info?.metadata["model"]]).toEqual([
        "RATE_LIMIT_EXCEEDED",
        "synod",
        "groq/x",
      ]);
      expect(error.findDetails(RetryInfoSchema)).toHaveLength(1);
      expect(error.findDetails(BadRequestSchema)[0]?.fieldViolations[0]?.field).toBe("completion.model");
      expect(error.cause).toBeUndefined();
      expect(JSON.stringify([...error.metadata])).not.toContain("secret");
    }
  });

  it("gives the messages that came before an error", async () => {
    await using house = await open({
      async *streamCompletion() {
        yield piece("one");
        yield piece("two");
        throw new SynodError({ reason: "upstream_error", message: "cut" });
      },
    });
    const texts: string[] = [];
    const read = async () => {
      for await (const message of house.client.streamCompletion(question("x")))
        texts.push(pieceText(message));
    };
    expect((await thrownBy(read())).code).toBe(Code.Unavailable);
    expect(texts).toEqual(["one", "two"]);
  });

  it("trap 7: masks an unknown throw, and logs it with its cause", async () => {
    const thrown = new TypeError("secret bug", { cause: new Error("deeper secret") });
    await using house = await open({
      complete: () => Promise.reject(thrown),
      listModels() {
        throw thrown;
      },
      async *streamCompletion() {
        yield piece("first");
        throw thrown;
      },
    });
    const calls = [
      house.client.complete(question("x")),
      house.client.listModels({}),
      pieceTexts(house.client.streamCompletion(question("x"))),
    ];
    for (const error of await Promise.all(calls.map(thrownBy))) {
      expect(error.code).toBe(Code.Internal);
      expect(failureOf(error)).toEqual({ reason: "internal", message: "internal error", retryable: false });
      expect(JSON.stringify([error, [...error.metadata]])).not.toContain("secret");
    }
    const logged = house.recorder.entries.filter((entry) => entry["level"] === "error");
    expect(logged).toHaveLength(3);
    for (const entry of logged) {
      const text = JSON.stringify(entry);
      expect(text).toContain("secret bug");
      expect(text).toContain("deeper secret");
      expect(text).toContain("request_id");
    }
  });

  it("gives a reason to an error that has none", async () => {
    await using house = await open({
      complete: () => Promise.reject(new ConnectError("no such thing", Code.NotFound)),
    });
    const error = await thrownBy(house.client.complete(question("x")));
    expect(error.code).toBe(Code.NotFound);
    expect(error.rawMessage).toBe("no such thing");
    expect(error.findDetails(ErrorInfoSchema)[0]?.reason).toBe("MODEL_NOT_FOUND");
  });

  it("never passes on the metadata of a thrown error", async () => {
    await using house = await open({
      complete: () =>
        Promise.reject(
          new ConnectError("x", Code.NotFound, { "x-backend": "10.0.0.7", "x-backend-bin": "AAAA" }),
        ),
    });
    const error = await thrownBy(house.client.complete(question("x")));
    expect(error.metadata.has("x-backend")).toBe(false);
    expect(error.metadata.has("x-backend-bin")).toBe(false);
  });

  it("must know 6: an error with 200 KB of details ends the call, its details cut to 8 KiB", async () => {
    const description = "x".repeat(1_000);
    const fieldViolations = Array.from({ length: 200 }, (_, n) => ({ field: `f${n}`, description }));
    await using house = await open({
      complete: () =>
        Promise.reject(new SynodError({ reason: "invalid_value", message: "no" }, { fieldViolations })),
    });
    const error = await thrownBy(house.client.complete(question("x")));
    expect(error.code).toBe(Code.InvalidArgument);
    expect(failureOf(error).reason).toBe("invalid_value");
    expect(error.findDetails(BadRequestSchema)).toEqual([]);
  });

  it("carries a message with every character, cut to 1,024", async () => {
    const message = `\ud800 lone, 50% \n\r\u0000 ${"ü".repeat(3_000)}`;
    await using house = await open({
      complete: () => Promise.reject(new SynodError({ reason: "upstream_error", message })),
    });
    const error = await thrownBy(house.client.complete(question("x")));
    expect(error.code).toBe(Code.Unavailable);
    expect(error.rawMessage).toHaveLength(1_024);
    expect(error.rawMessage.startsWith("\ufffd lone, 50% \n\r")).toBe(true);
  });

  it("says unimplemented for a method that is not there", async () => {
    await using house = await open({});
    const error = await thrownBy(house.client.complete(question("x")));
    expect(error.code).toBe(Code.Unimplemented);
  });

  it("counts what ended and how", async () => {
    await using house = await open({
      listProviders: () => ({}),
      complete: () => Promise.reject(new SynodError({ reason: "model_not_found", message: "no" })),
    });
    await house.client.listProviders({});
    await thrownBy(house.client.complete(question("x")));
    const { recorder } = house;
    await until("both are counted", async () => {
      const ok = await recorder.metric("synod_rpc_calls_total", 'method="ListProviders"', 'code="ok"');
      const notFound = await recorder.metric(
        "synod_rpc_calls_total",
        'method="Complete"',
        'code="not_found"',
      );
      return ok === 1 && notFound === 1;
    });
    expect(await recorder.metric("synod_rpc_call_seconds_count", 'method="Complete"')).toBe(1);
    expect(await recorder.metric("synod_rpc_calls_in_flight", 'method="Complete"')).toBe(0);
  });
});
