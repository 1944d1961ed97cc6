import { Code } from "@connectrpc/connect";
import { Strategy } from "@synod/contracts/aggregation";
import { ErrorReason } from "@synod/contracts/error";
import { FinishReason, Role } from "@synod/contracts/model";
import { failureOf, SynodError } from "@synod/rpc";
import { eventually } from "@synod/testing";
import { describe, expect, test } from "vitest";
import { aggregationOf, read, type Request, requestOf, say } from "../testing/house.js";

const synthesise = (more: Request = {}, answers = ["Answer: 42", "Answer: 41", "Answer: 42"]) =>
  requestOf(Strategy.SYNTHESIS, answers, { aggregator: { model: "agg" }, ...more });

const broken = new SynodError({
  reason: "upstream_error",
  message: "503 from the provider",
  retryAfterMs: 700,
});

describe("strategies without a model", () => {
  test("majority: asks nobody and counts every answer", async () => {
    const { aggregations, asked } = aggregationOf(() => ({ text: "never" }));
    const answers = ["Answer: 42", "Answer: 41", "the answer is 42", ""];
    const { order, outcome } = await read(aggregations.aggregate(requestOf(Strategy.MAJORITY, answers)));
    expect(order).toEqual(["aggregated"]);
    expect(outcome).toMatchObject({ answerKey: "42", promptVersion: "", aggregatorUnavailable: false });
    expect(outcome?.agreementRatio).toBeCloseTo(2 / 3);
    expect(outcome?.votes.map(({ counted }) => counted)).toEqual([true, true, true, false]);
    expect(asked).toHaveLength(0);
  });

  test("majority: a tie is broken by weight, whatever the order", async () => {
    const { aggregations, asked } = aggregationOf(() => ({ text: "never" }));
    const answers = [
      { voter: { member: 0, sample: 1 }, text: "Answer: 1", weight: 1 },
      { voter: { member: 1, sample: 1 }, text: "Answer: 2", weight: 3 },
    ];
    for (const list of [answers, answers.toReversed()]) {
      const request = requestOf(Strategy.MAJORITY, [], { answers: list });
      expect((await read(aggregations.aggregate(request))).outcome?.answerKey).toBe("2");
    }
    expect(asked).toHaveLength(0);
  });

  test("concatenate: joins every answer", async () => {
    const { aggregations, asked } = aggregationOf(() => ({ text: "never" }));
    const request = requestOf(Strategy.CONCATENATE, ["one", "two"], { streamText: true });
    const { order, outcome } = await read(aggregations.aggregate(request));
    expect(order).toEqual(["aggregated"]);
    expect(outcome?.text).toContain("one");
    expect(outcome?.text).toContain("two");
    expect(outcome?.agreementRatio).toBeUndefined();
    expect(asked).toHaveLength(0);
  });
});

describe("a strategy with a model", () => {
  test("asks it once, with every answer and no model's id, as it is set", async () => {
    const { aggregations, asked } = aggregationOf(() => ({ text: "It is 42." }));
    const request = synthesise({ aggregator: { model: "agg", sampling: { temperature: 0.3 } } });
    const { order, called, outcome } = await read(aggregations.aggregate(request));
    expect(order).toEqual(["called", "aggregated"]);
    expect(outcome).toMatchObject({ text: "It is 42.", aggregatorUnavailable: false });
    expect(outcome?.promptVersion).toMatch(/^synthesis\/\d+$/);
    expect(called[0]).toMatchObject({ model: "agg", usage: { outputTokens: 5n } });
    expect(called[0]?.failure).toBeUndefined();
    expect(called[0]?.completion?.model).toBe("agg");
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ streamed: false, question: { model: "agg" } });
    expect(asked[0]?.question.sampling?.temperature).toBe(0.3);
    const prompt = JSON.stringify(asked[0]?.question.messages);
    expect(prompt).toContain("Answer: 41");
    expect(prompt).toContain("6 * 7?");
  });

  test("draws a new nonce for each call, which no answer holds", async () => {
    const { aggregations, asked } = aggregationOf(() => ({ text: "42" }));
    await read(aggregations.aggregate(synthesise()));
    await read(aggregations.aggregate(synthesise()));
    const [first, second] = asked.map(({ question }) => JSON.stringify(question.messages));
    expect(first).not.toBe(second);
    const blank = (prompt: string | undefined) => prompt?.replaceAll(/[0-9a-f]{32}/g, "nonce");
    expect(blank(first)).toContain("nonce");
    expect(blank(first)).toBe(blank(second));
    expect(asked).toHaveLength(2);
  });

  test("F59: draws a new nonce for each step, so that no reply to an earlier one can hold it", async () => {
    const found = { consensus: [], contradictions: [], partial_coverage: [], unique_insights: [] };
    const analysis = JSON.stringify({ ...found, blind_spots: [] });
    const { aggregations, asked } = aggregationOf((_, before) => ({ text: before === 0 ? analysis : "42" }));
    const { outcome } = await read(aggregations.aggregate(synthesise({ strategy: Strategy.ANALYSIS })));
    expect(outcome).toMatchObject({ text: "42", aggregatorUnavailable: false });
    const nonces = asked.map(
      ({ question }) => new Set(JSON.stringify(question.messages).match(/[0-9a-f]{32}/g)),
    );
    expect(nonces.map(({ size }) => size)).toEqual([1, 1]);
    expect(nonces[0]).not.toEqual(nonces[1]);
  });

  test("the preset's own messages stand around the answers", async () => {
    const { aggregations, asked } = aggregationOf(() => ({ text: "42" }));
    const aggregator = {
      model: "agg",
      context: [say(Role.SYSTEM, "before")],
      prompt: [say(Role.USER, "after")],
    };
    const { outcome } = await read(aggregations.aggregate(synthesise({ aggregator })));
    const { messages = [] } = asked[0]?.question ?? {};
    expect(messages).toHaveLength(3);
    expect(messages[0]).toMatchObject(say(Role.SYSTEM, "before"));
    expect(messages[2]).toMatchObject(say(Role.USER, "after"));
    expect(outcome?.promptVersion).toBe("preset");
    expect(asked).toHaveLength(1);
  });

  test.each([
    ["an error", { then: { error: broken } }, ErrorReason.UPSTREAM_ERROR, 0n],
    ["nothing", { text: " \n" }, ErrorReason.EMPTY_ANSWER, 5n],
    ["a refusal", { text: "", refusal: "no" }, ErrorReason.REFUSED, 5n],
    ["filtered text", { text: "half", finishReason: FinishReason.CONTENT_FILTER }, ErrorReason.REFUSED, 5n],
  ])("F51: %s falls back to another rule, and says so", async (_what, reply, reason, paidTokens) => {
    const { aggregations, asked, metrics } = aggregationOf(() => reply);
    const { order, called, outcome } = await read(aggregations.aggregate(synthesise()));
    expect(order).toEqual(["called", "aggregated"]);
    expect(outcome).toMatchObject({ answerKey: "42", aggregatorUnavailable: true });
    expect(called[0]?.failure?.reason).toBe(reason);
    expect(called[0]?.completion).toBeUndefined();
    expect(called[0]?.usage?.outputTokens).toBe(paidTokens);
    // Of a failure that says nothing of its cost, none is known.
    expect(called[0]?.usage?.costUsdNanos).toBe(paidTokens === 0n ? undefined : 1_000n);
    expect(asked).toHaveLength(1);
    expect(await metrics.text()).toContain('synod_aggregations_total{strategy="synthesis",result="fallback"');
  });

  test("no answer that votes: nobody is asked", async () => {
    const { aggregations, asked } = aggregationOf(() => ({ text: "42" }));
    const { order, outcome } = await read(aggregations.aggregate(synthesise({}, ["", " "])));
    expect(order).toEqual(["aggregated"]);
    expect(outcome?.text).toBe("");
    expect(asked).toHaveLength(0);
  });
});

describe("streaming", () => {
  test("hands the text on as it is written, and ends with the same text", async () => {
    const { aggregations, asked } = aggregationOf(() => ({ text: ["\n", " It is", " 42", ".\n"] }));
    const { deltas, order, called, outcome } = await read(
      aggregations.aggregate(synthesise({ streamText: true })),
    );
    expect(deltas).toEqual(["\n It is", " 42", ".\n"]);
    expect(order.slice(-2)).toEqual(["called", "aggregated"]);
    expect(outcome?.text).toBe(deltas.join(""));
    expect(called[0]?.usage?.outputTokens).toBe(5n);
    expect(asked.map(({ streamed, state }) => ({ streamed, state }))).toEqual([
      { streamed: true, state: "finished" },
    ]);
  });

  test.each([
    ["an error", { then: { error: broken } }],
    ["blanks", { text: [" ", "\n"] }],
    ["a refusal", { refusal: "no" }],
  ])("F51: %s before the first word falls back to another rule", async (_what, reply) => {
    const { aggregations, asked } = aggregationOf(() => reply);
    const { order, outcome } = await read(aggregations.aggregate(synthesise({ streamText: true })));
    expect(order).toEqual(["called", "aggregated"]);
    expect(outcome).toMatchObject({ answerKey: "42", aggregatorUnavailable: true });
    expect(asked).toHaveLength(1);
  });

  test("text that is taken away after a delta is an error", async () => {
    const reply = { text: "half", finishReason: FinishReason.CONTENT_FILTER };
    const { aggregations, asked } = aggregationOf(() => reply);
    const result = read(aggregations.aggregate(synthesise({ streamText: true })));
    const reason = await result.catch((error: unknown) => failureOf(error).reason);
    expect(reason).toBe("aggregator_unavailable");
    expect(asked).toHaveLength(1);
  });

  test("F51: after a delta a failure is an error, not another answer", async () => {
    const { aggregations, asked, metrics } = aggregationOf(() => ({
      text: "It is",
      then: { error: broken },
    }));
    const seen: string[] = [];
    const error = await (async () => {
      for await (const { event } of aggregations.aggregate(synthesise({ streamText: true }))) {
        seen.push(event.case ?? "");
      }
      return undefined;
    })().catch((thrown: unknown) => thrown);
    expect(seen).toEqual(["delta", "called"]);
    expect(failureOf(error)).toMatchObject({
      reason: "aggregator_unavailable",
      retryable: true,
      retryAfterMs: 700,
    });
    expect(asked).toHaveLength(1);
    expect(await metrics.text()).toContain('synod_aggregations_total{strategy="synthesis",result="failed"');
  });

  test("F25: leaving cancels the call within a second", async () => {
    const { aggregations, asked } = aggregationOf(() => ({ text: "It is", then: "hang" }));
    for await (const { event } of aggregations.aggregate(synthesise({ streamText: true }))) {
      expect(event.case).toBe("delta");
      break;
    }
    await eventually(() => asked[0]?.state === "aborted");
    expect(asked).toHaveLength(1);
  });
});

describe("leaving before a word was written", () => {
  test.each([false, true])(
    "F25: cancels the call and falls back to nothing (streamed: %s)",
    async (streamText) => {
      const { aggregations, asked, metrics } = aggregationOf(() => ({ then: "hang" }));
      const controller = new AbortController();
      const outcome = read(
        aggregations.aggregate(synthesise({ streamText }), { signal: controller.signal }),
      ).catch((error: unknown) => failureOf(error).reason);
      await eventually(() => asked.length === 1);
      controller.abort();
      expect(await outcome).toBe("canceled");
      await eventually(() => asked[0]?.state === "aborted");
      expect(await metrics.text()).not.toContain('result="fallback"');
      expect(asked).toHaveLength(1);
    },
  );
});

describe("what is refused", () => {
  test.each([
    ["no strategy", requestOf(Strategy.UNSPECIFIED, ["42"])],
    ["no answers", requestOf(Strategy.MAJORITY, [])],
    ["no model where one is needed", requestOf(Strategy.SYNTHESIS, ["42"])],
    ["an answer without a voter", requestOf(Strategy.MAJORITY, [], { answers: [{ text: "42" }] })],
    ["an unknown format", requestOf(Strategy.MAJORITY, ["42"], { answerFormat: "haiku" })],
  ])("%s, before anything is paid", async (_what, request) => {
    const { aggregations, asked } = aggregationOf(() => ({ text: "42" }));
    await expect(read(aggregations.aggregate(request))).rejects.toMatchObject({ code: Code.InvalidArgument });
    expect(asked).toHaveLength(0);
  });
});
