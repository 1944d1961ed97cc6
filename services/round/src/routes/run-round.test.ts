import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import { ErrorReason } from "@synod/contracts/error";
import { FinishReason } from "@synod/contracts/model";
import { RoundStop, StopRule } from "@synod/contracts/round";
import { failureOf } from "@synod/rpc";
import { createGate, eventually } from "@synod/testing";
import { describe, expect, test } from "vitest";
import { dead, read, requestOf, roundOf, says, wordOf } from "../testing/house.js";

describe("a round", () => {
  test("asks every member once and ends when all have answered", async () => {
    const { rounds, asked } = roundOf(() => says("42"));
    const { words, responses } = await read(rounds.runRound(requestOf(["a", "b", "c"])));
    expect(words.slice(0, 3).toSorted()).toEqual(["answered 0/1", "answered 1/1", "answered 2/1"]);
    expect(words.slice(3)).toEqual(["ended COMPLETE"]);
    expect(responses.at(-1)?.event.value).toMatchObject({ usable: 3, quorum: 2 });
    expect(asked.map(({ question }) => question.model)).toEqual(["a", "b", "c"]);
    expect(asked.map(({ state }) => state)).toEqual(["finished", "finished", "finished"]);
  });

  test("asks all before any has answered, and tells each answer as it comes", async () => {
    const gates = { a: createGate(), b: createGate() };
    const { rounds, asked } = roundOf(async ({ model }) => {
      await gates[model as "a" | "b"].opened;
      return says("42");
    });
    const stream = rounds.runRound(requestOf(["a", "b"], { quorum: 2 }))[Symbol.asyncIterator]();
    const first = stream.next();
    await eventually(() => asked.length === 2);
    gates.b.open();
    expect(wordOf((await first).value)).toBe("answered 1/1");
    gates.a.open();
    expect(wordOf((await stream.next()).value)).toBe("answered 0/1");
    expect(wordOf((await stream.next()).value)).toBe("ended COMPLETE");
    expect(asked).toHaveLength(2);
  });

  test("asks as the member is set, and passes the whole answer on", async () => {
    const { rounds, asked } = roundOf(() => ({ text: "42", finishReason: FinishReason.LENGTH }));
    const member = { model: "a", sampling: { temperature: 0.5 }, fallbacks: ["b"], extraJson: '{"x":1}' };
    const { responses } = await read(rounds.runRound(requestOf([], { members: [member] })));
    expect(asked).toHaveLength(1);
    expect(asked[0]?.question).toMatchObject({ model: "a", fallbacks: ["b"], extraJson: '{"x":1}' });
    expect(asked[0]?.question.sampling?.temperature).toBe(0.5);
    expect(responses[0]?.event.value).toMatchObject({
      completion: { model: "a", finishReason: FinishReason.LENGTH, usage: { outputTokens: 5n } },
    });
  });

  test("asks for each sample, with the next seed each time", async () => {
    const { rounds, asked } = roundOf(() => says("42"));
    const members = [
      { model: "a", samples: 3, sampling: { seed: 7n } },
      { model: "b", samples: 2 },
    ];
    const { words } = await read(rounds.runRound(requestOf([], { members, quorum: 5 })));
    expect(words.slice(0, 5).toSorted()).toEqual([
      "answered 0/1",
      "answered 0/2",
      "answered 0/3",
      "answered 1/1",
      "answered 1/2",
    ]);
    expect(asked.map(({ question }) => question.sampling?.seed)).toEqual([7n, 8n, 9n, undefined, undefined]);
  });

  test("F3: goes on when one of three fails, and says why", async () => {
    const { rounds, asked, metrics } = roundOf(({ model }) => (model === "b" ? dead : says("42")));
    const { words, responses } = await read(rounds.runRound(requestOf(["a", "b", "c"])));
    expect(words).toContain("failed 1/1");
    expect(words.at(-1)).toBe("ended COMPLETE");
    const failed = responses.find(({ event }) => event.case === "failed");
    expect(failed?.event.value).toMatchObject({
      failure: { reason: ErrorReason.UPSTREAM_ERROR, message: "503 from the provider", retryable: true },
    });
    expect(asked).toHaveLength(3);
    expect(await metrics.text()).toContain(
      'synod_round_failures_total{reason="upstream_error",process="test"} 1',
    );
  });

  test("F10: waits the grace for one that hangs, then cancels it", async () => {
    const { rounds, asked } = roundOf(({ model }) => (model === "c" ? { then: "hang" } : says("42")));
    const { words } = await read(rounds.runRound(requestOf(["a", "b", "c"], { grace: durationFromMs(20) })));
    expect(words.slice(2)).toEqual(["cancelled 2/1", "ended QUORUM"]);
    expect(asked).toHaveLength(3);
    await eventually(() => asked[2]?.state === "aborted", { what: "the cancellation" });
    expect(asked.filter(({ state }) => state === "finished")).toHaveLength(2);
  });

  test("takes an answer that comes within the grace", async () => {
    const gate = createGate();
    const { rounds, asked } = roundOf(async ({ model }) => {
      if (model === "c") await gate.opened;
      return says("42");
    });
    const grace = durationFromMs(60_000);
    const words: string[] = [];
    for await (const response of rounds.runRound(requestOf(["a", "b", "c"], { grace }))) {
      words.push(wordOf(response));
      if (words.length === 2) gate.open();
    }
    expect(words.slice(2)).toEqual(["answered 2/1", "ended COMPLETE"]);
    expect(asked).toHaveLength(3);
  });

  test("without a grace waits for all", async () => {
    const gate = createGate();
    const { rounds, asked } = roundOf(async ({ model }) => {
      if (model === "c") await gate.opened;
      return says("42");
    });
    const result = read(rounds.runRound(requestOf(["a", "b", "c"])));
    await eventually(() => asked.filter(({ state }) => state === "finished").length === 2);
    gate.open();
    expect((await result).words.at(-1)).toBe("ended COMPLETE");
    expect(asked).toHaveLength(3);
  });

  test("a grace of weeks is no grace of nothing", async () => {
    const gate = createGate();
    const { rounds, asked } = roundOf(async ({ model }) => {
      if (model === "c") await gate.opened;
      return says("42");
    });
    const grace = { seconds: 5_000_000n };
    const stream = rounds.runRound(requestOf(["a", "b", "c"], { grace }))[Symbol.asyncIterator]();
    await stream.next();
    await stream.next();
    const third = stream.next();
    gate.open();
    expect(wordOf((await third).value)).toBe("answered 2/1");
    expect(asked).toHaveLength(3);
  });

  test("F57: stops as soon as the quorum is out of reach, and cancels the rest", async () => {
    const { rounds, asked } = roundOf(({ model }) => {
      if (model === "e") return { then: "hang" };
      return model === "a" ? says("42") : dead;
    });
    const { words, responses } = await read(
      rounds.runRound(requestOf(["a", "b", "c", "d", "e"], { quorum: 3 })),
    );
    expect(words.at(-1)).toBe("ended QUORUM_LOST");
    expect(responses.at(-1)?.event.value).toMatchObject({ usable: 1, quorum: 3 });
    expect(words).toContain("cancelled 4/1");
    expect(words).toHaveLength(6);
    expect(asked).toHaveLength(5);
    await eventually(() => asked[4]?.state === "aborted");
  });

  test("F56: ends with every failure told when all fail", async () => {
    const { rounds, asked } = roundOf(() => dead);
    const { words } = await read(rounds.runRound(requestOf(["a", "b", "c"])));
    expect(words.toSorted()).toEqual(["ended QUORUM_LOST", "failed 0/1", "failed 1/1", "failed 2/1"]);
    expect(asked).toHaveLength(3);
  });

  test("stops early when no outstanding vote can change the winner", async () => {
    const { rounds, asked } = roundOf(({ model }) => (model < "d" ? says("42") : { then: "hang" }));
    const { words } = await read(
      rounds.runRound(requestOf(["a", "b", "c", "d", "e"], { stopRule: StopRule.LOSSLESS })),
    );
    expect(words.slice(3)).toEqual(["cancelled 3/1", "cancelled 4/1", "ended LOSSLESS"]);
    expect(asked).toHaveLength(5);
    await eventually(() => asked.filter(({ state }) => state === "aborted").length === 2);
  });

  test("does not stop early while a tie is possible", async () => {
    const gate = createGate();
    const { rounds, asked } = roundOf(async ({ model }) => {
      if (model > "b") await gate.opened;
      return says(model > "b" ? "41" : "42");
    });
    const words: string[] = [];
    const request = requestOf(["a", "b", "c", "d"], { stopRule: StopRule.LOSSLESS, quorum: 1 });
    for await (const response of rounds.runRound(request)) {
      words.push(wordOf(response));
      if (words.length === 2) gate.open();
    }
    expect(words.filter((word) => word.startsWith("answered"))).toHaveLength(4);
    expect(words.at(-1)).toBe("ended COMPLETE");
    expect(asked).toHaveLength(4);
  });

  test("stops early when a tie is decided by weight", async () => {
    const { rounds, asked } = roundOf(({ model }) => {
      if (model === "d") return { then: "hang" };
      return says(model === "c" ? "41" : "42");
    });
    const members = [{ model: "a", weight: 5 }, { model: "b" }, { model: "c" }, { model: "d" }];
    const { words } = await read(
      rounds.runRound(requestOf([], { members, quorum: 1, stopRule: StopRule.LOSSLESS })),
    );
    expect(words.slice(-2)).toEqual(["cancelled 3/1", "ended LOSSLESS"]);
    expect(asked).toHaveLength(4);
    await eventually(() => asked[3]?.state === "aborted");
  });
});

describe("answers that do not vote (F18-F20)", () => {
  test.each([
    ["empty", { text: "" }],
    ["blank", { text: " \n" }],
    ["refused", { text: "", refusal: "I cannot help with that." }],
    ["filtered", { text: "half of", finishReason: FinishReason.CONTENT_FILTER }],
    ["tool calls alone", { toolCalls: [{ id: "1", name: "f", argumentsJson: "{}" }] }],
  ])("%s is told as an answer, but does not make the quorum", async (_what, reply) => {
    const { rounds, asked } = roundOf(({ model }) => (model === "a" ? reply : says("42")));
    const { words, responses } = await read(rounds.runRound(requestOf(["a", "b", "c"], { quorum: 3 })));
    expect(words).toContain("answered 0/1");
    expect(words.at(-1)).toBe("ended QUORUM_LOST");
    expect(responses.at(-1)?.event.value).toMatchObject({ quorum: 3 });
    expect(asked).toHaveLength(3);
  });

  test("F19: a cut answer votes", async () => {
    const { rounds, asked } = roundOf(() => ({ ...says("42"), finishReason: FinishReason.LENGTH }));
    const { responses } = await read(rounds.runRound(requestOf(["a", "b"], { quorum: 2 })));
    expect(responses.at(-1)?.event.value).toMatchObject({ stop: RoundStop.COMPLETE, usable: 2 });
    expect(asked).toHaveLength(2);
  });

  test("an answer without what the format asks for does not make the quorum", async () => {
    const { rounds, asked } = roundOf(({ model }) => (model === "a" ? { text: "no idea" } : says("42")));
    const { responses } = await read(
      rounds.runRound(requestOf(["a", "b"], { quorum: 1, answerFormat: "number" })),
    );
    expect(responses.at(-1)?.event.value).toMatchObject({ usable: 1 });
    expect(asked).toHaveLength(2);
  });
});

describe("leaving", () => {
  test("F25: by break cancels every call within a second", async () => {
    const { rounds, asked } = roundOf(({ model }) => (model === "a" ? says("42") : { then: "hang" }));
    for await (const response of rounds.runRound(requestOf(["a", "b", "c"]))) {
      expect(wordOf(response)).toBe("answered 0/1");
      break;
    }
    await eventually(() => asked.filter(({ state }) => state === "aborted").length === 2);
    expect(asked).toHaveLength(3);
  });

  test("F25: by a signal cancels every call within a second, although nobody reads", async () => {
    const { rounds, asked, metrics } = roundOf(() => ({ then: "hang" }));
    const controller = new AbortController();
    const result = read(rounds.runRound(requestOf(["a", "b", "c"]), { signal: controller.signal }));
    const outcome = result.catch((error: unknown) => error);
    await eventually(() => asked.length === 3);
    controller.abort();
    expect(failureOf(await outcome)).toMatchObject({ reason: "canceled" });
    await eventually(() => asked.every(({ state }) => state === "aborted"));
    expect(asked).toHaveLength(3);
    expect(await metrics.text()).toContain('synod_rounds_total{stop="left",process="test"} 1');
  });

  test("is not needed to cancel a call: the grace ends although nobody reads on", async () => {
    const { rounds, asked } = roundOf(({ model }) => (model === "c" ? { then: "hang" } : says("42")));
    const request = requestOf(["a", "b", "c"], { grace: durationFromMs(20) });
    const stream = rounds.runRound(request)[Symbol.asyncIterator]();
    await stream.next();
    await eventually(() => asked[2]?.state === "aborted");
    expect(asked).toHaveLength(3);
  });

  test("F38: a deadline cancels every call", async () => {
    const { rounds, asked } = roundOf(() => ({ then: "hang" }));
    const startedMs = performance.now();
    const end = await read(rounds.runRound(requestOf(["a", "b"]), { timeoutMs: 80 })).then(
      ({ words }) => words.at(-1),
      (error: unknown) => failureOf(error).reason,
    );
    // The members' own deadline is a little earlier: mostly both have failed by then, and the round is told whole.
    expect(["ended QUORUM_LOST", "deadline_exceeded"]).toContain(end);
    expect(performance.now() - startedMs).toBeLessThan(1000);
    await eventually(() => asked.every(({ state }) => state !== "open"));
    expect(asked).toHaveLength(2);
  });

  test("before it begins asks nobody", async () => {
    const { rounds, asked } = roundOf(() => says("42"));
    const result = read(rounds.runRound(requestOf(["a", "b"]), { signal: AbortSignal.abort() }));
    await expect(result).rejects.toMatchObject({ code: Code.Canceled });
    expect(asked).toHaveLength(0);
  });
});

describe("what is refused", () => {
  test.each([
    ["no members", requestOf([])],
    ["no messages", requestOf(["a"], { messages: [] })],
    ["too high a quorum", requestOf(["a", "b"], { quorum: 3 })],
    ["an unknown format", requestOf(["a"], { answerFormat: "haiku" })],
    ["a negative grace", requestOf(["a"], { grace: { seconds: -1n } })],
    ["a weight of nothing", requestOf([], { members: [{ model: "a", weight: 0 }] })],
    ["a confidence below a half", requestOf(["a"], { stopConfidence: 0.4 })],
    ["an accuracy above 1", requestOf([], { members: [{ model: "a", accuracy: 1.1 }] })],
    ["seventeen that are asked first", requestOf(["a"], { askFirst: 17 })],
    ["a hedge at once", requestOf(["a"], { hedge: { case: "hedgeAfter", value: durationFromMs(0) } })],
    ["eleven samples", requestOf([], { members: [{ model: "a", samples: 11 }] })],
  ])("%s, before anything is paid", async (_what, request) => {
    const { rounds, asked } = roundOf(() => says("42"));
    await expect(read(rounds.runRound(request))).rejects.toMatchObject({ code: Code.InvalidArgument });
    expect(asked).toHaveLength(0);
  });
});
