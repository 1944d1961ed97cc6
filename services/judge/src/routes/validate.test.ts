import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { ErrorReason } from "@synod/contracts/error";
import {
  JudgeService,
  type ValidateRequest,
  type ValidateRequestSchema,
  VerdictKind,
} from "@synod/contracts/judge";
import { ResponseFormatType, Role } from "@synod/contracts/model";
import { ProviderService, SpentUsageSchema } from "@synod/contracts/provider";
import {
  createLocalTransport,
  createServiceClient,
  failureOf,
  serviceInterceptors,
  SynodError,
} from "@synod/rpc";
import { createLogger, createMetrics } from "@synod/telemetry";
import { createGate, eventually, type Script, scriptedProviders } from "@synod/testing";
import { describe, expect, test } from "vitest";
import { createJudge } from "../create.js";

const logger = createLogger({ level: "silent", service: "test" });
const interceptors = serviceInterceptors({
  logger,
  metrics: createMetrics({ service: "test" }),
  service: "test",
});

/** A judge service in front of a scripted provider gateway, both reached as on a wire. */
function judgeOf(script: Script) {
  const metrics = createMetrics({ service: "test" });
  const upstream = scriptedProviders(script);
  const transport = createLocalTransport(upstream.routes, { strict: true, interceptors });
  const providers = createServiceClient(ProviderService, transport);
  const { routes } = createJudge({ providers, logger, metrics });
  const local = createLocalTransport(routes, { strict: true, interceptors });
  return { judges: createServiceClient(JudgeService, local), asked: upstream.asked, metrics };
}

type Request = Exclude<MessageInitShape<typeof ValidateRequestSchema>, ValidateRequest>;

function requestOf(models: readonly string[], more: Request = {}): Request {
  return {
    messages: [{ role: Role.USER, parts: [{ content: { case: "text", value: "6 * 7?" } }] }],
    answer: "41",
    models: [...models],
    ...more,
  };
}

const finding = { quote: "41", problem: "6 * 7 is 42", severity: "critical" };
const right = { text: JSON.stringify({ verdict: "right", findings: [], confidence: 0.9 }) };
const wrong = { text: JSON.stringify({ verdict: "wrong", findings: [finding], confidence: 1 }) };
const unsure = { text: JSON.stringify({ verdict: "unsure", findings: [], confidence: null }) };
const down = {
  then: { error: new SynodError({ reason: "upstream_error", message: "503 from the provider" }) },
};

describe("a jury", () => {
  test("asks each judge once, for JSON of the agreed shape, at temperature 0", async () => {
    const { judges, asked } = judgeOf(() => right);
    const { verdict } = await judges.validate(requestOf(["a", "b"]));
    expect(verdict).toMatchObject({ kind: VerdictKind.RIGHT, findings: [] });
    expect(verdict?.promptVersion).toMatch(/^validate\/\d+$/);
    expect(verdict?.votes.map(({ model }) => model)).toEqual(["a", "b"]);
    expect(verdict?.votes[0]).toMatchObject({ verdict: VerdictKind.RIGHT, confidence: 0.9 });
    expect(asked).toHaveLength(2);
    const sampling = asked[0]?.question.sampling;
    expect(sampling?.temperature).toBe(0);
    expect(sampling?.responseFormat).toMatchObject({ type: ResponseFormatType.JSON_SCHEMA, strict: true });
    const prompt = JSON.stringify(asked[0]?.question.messages);
    expect(prompt).toContain("6 * 7?");
    expect(prompt).toMatch(/[0-9a-f]{32}/);
  });

  test("asks all at once and answers in the order of the request", async () => {
    const gate = createGate();
    const { judges, asked } = judgeOf(async ({ model }) => {
      if (model === "a") await gate.opened;
      return model === "a" ? wrong : right;
    });
    const result = judges.validate(requestOf(["a", "b", "c"]));
    await eventually(() => asked.length === 3);
    gate.open();
    const { verdict } = await result;
    expect(verdict?.votes.map((vote) => vote.verdict)).toEqual([
      VerdictKind.WRONG,
      VerdictKind.RIGHT,
      VerdictKind.RIGHT,
    ]);
    expect(verdict?.kind).toBe(VerdictKind.RIGHT);
    expect(asked).toHaveLength(3);
  });

  test("says wrong with the findings of those who said so", async () => {
    const { judges, asked, metrics } = judgeOf(() => wrong);
    const { verdict } = await judges.validate(requestOf(["a"]));
    expect(verdict).toMatchObject({ kind: VerdictKind.WRONG, findings: [finding] });
    expect(asked).toHaveLength(1);
    expect(await metrics.text()).toContain('synod_verdicts_total{kind="wrong",process="test"} 1');
  });

  test.each([
    [0, VerdictKind.RIGHT],
    [2, VerdictKind.RIGHT],
    [3, VerdictKind.WRONG],
  ])("%s votes needed, two of three right", async (votesNeeded, kind) => {
    const { judges, asked } = judgeOf(({ model }) => (model === "c" ? wrong : right));
    const { verdict } = await judges.validate(requestOf(["a", "b", "c"], { votesNeeded }));
    expect(verdict?.kind).toBe(kind);
    expect(asked).toHaveLength(3);
  });

  test("a tie of right and wrong is wrong when the majority is needed", async () => {
    const { judges, asked } = judgeOf(({ model }) => (model === "a" ? wrong : right));
    const { verdict } = await judges.validate(requestOf(["a", "b"]));
    expect(verdict?.kind).toBe(VerdictKind.WRONG);
    expect(asked).toHaveLength(2);
  });

  test("unsure is not wrong", async () => {
    const { judges, asked } = judgeOf(() => unsure);
    const { verdict } = await judges.validate(requestOf(["a"]));
    expect(verdict?.kind).toBe(VerdictKind.UNSURE);
    expect(verdict?.votes[0]?.confidence).toBeUndefined();
    expect(asked).toHaveLength(1);
  });

  test("wrong without a finding is unsure", async () => {
    const { judges, asked } = judgeOf(() => ({ text: '{"verdict":"wrong","findings":[],"confidence":1}' }));
    const { verdict } = await judges.validate(requestOf(["a"]));
    expect(verdict?.kind).toBe(VerdictKind.UNSURE);
    expect(asked).toHaveLength(1);
  });
});

describe("a judge that is down (F52)", () => {
  test("is a vote with a failure, not an error", async () => {
    const { judges, asked } = judgeOf(() => down);
    const { verdict } = await judges.validate(requestOf(["a"]));
    expect(verdict?.kind).toBe(VerdictKind.UNSPECIFIED);
    expect(verdict?.votes[0]).toMatchObject({
      verdict: VerdictKind.UNSPECIFIED,
      failure: { reason: ErrorReason.UPSTREAM_ERROR },
    });
    expect(verdict?.votes[0]?.calls).toHaveLength(1);
    // Nobody said what it cost.
    expect(verdict?.votes[0]?.calls[0]?.usage).toMatchObject({ estimated: true });
    expect(verdict?.votes[0]?.calls[0]?.usage?.costUsdNanos).toBeUndefined();
    expect(asked).toHaveLength(1);
  });

  test("without a key makes no call", async () => {
    const error = new SynodError({ reason: "provider_not_configured", message: "no key" });
    const { judges } = judgeOf(() => ({ then: { error } }));
    const { verdict } = await judges.validate(requestOf(["a"]));
    expect(verdict?.votes[0]?.failure?.reason).toBe(ErrorReason.PROVIDER_NOT_CONFIGURED);
    expect(verdict?.votes[0]?.calls).toEqual([]);
  });

  test("whose provider keeps its reply back is paid for it: that is the one that is repaired", async () => {
    const spent = create(SpentUsageSchema, { usage: { inputTokens: 9n, estimated: true }, attempts: 1 });
    const error = new SynodError({ reason: "upstream_rejected", message: "json_validate_failed" }, { spent });
    const { judges, asked } = judgeOf(() => ({ then: { error } }));
    const { verdict } = await judges.validate(requestOf(["a"]));
    expect(verdict?.kind).toBe(VerdictKind.UNSPECIFIED);
    expect(verdict?.votes[0]?.calls).toHaveLength(2);
    expect(asked.map(({ question }) => question.sampling?.responseFormat !== undefined)).toEqual([
      true,
      false,
    ]);
  });

  test("does not stop the others", async () => {
    const { judges, asked } = judgeOf(({ model }) => (model === "a" ? down : right));
    const { verdict } = await judges.validate(requestOf(["a", "b", "c"]));
    expect(verdict?.kind).toBe(VerdictKind.RIGHT);
    expect(asked).toHaveLength(3);
  });

  test("when it refuses, is not asked again", async () => {
    const { judges, asked } = judgeOf(() => ({ refusal: "I do not judge." }));
    const { verdict } = await judges.validate(requestOf(["a"]));
    expect(verdict?.votes[0]?.failure?.reason).toBe(ErrorReason.REFUSED);
    expect(verdict?.votes[0]?.calls[0]?.usage?.outputTokens).toBe(5n);
    expect(asked).toHaveLength(1);
  });
});

describe("garbage (F54)", () => {
  const garbage = [
    ["prose", "The answer is right."],
    ["broken JSON", '{"verdict": "right", "findings": ['],
    ["a score of 11", '{"verdict":"right","findings":[],"confidence":11}'],
    ["NaN", '{"verdict":"right","findings":[],"confidence":NaN}'],
    ["yes", "yes"],
    ["nothing", ""],
    ["5 MB", "right ".repeat(900_000)],
    ["two verdicts", `${right.text}\n${right.text}`],
    ["a verdict in prose", `Sure! ${right.text}`],
  ] as const;

  test.each(garbage)("%s: one repair, then no verdict", async (_what, text) => {
    const { judges, asked } = judgeOf(() => ({ text }));
    const { verdict } = await judges.validate(requestOf(["a"]));
    expect(verdict?.kind).toBe(VerdictKind.UNSPECIFIED);
    expect(verdict?.votes[0]?.failure?.reason).toBe(ErrorReason.INVALID_UPSTREAM_RESPONSE);
    expect(verdict?.votes[0]?.calls.map(({ usage }) => usage?.outputTokens)).toEqual([5n, 5n]);
    expect(asked).toHaveLength(2);
  });

  test.each(garbage)("%s: a repaired reply counts", async (_what, text) => {
    const { judges, asked } = judgeOf((_question, before) => (before === 0 ? { text } : wrong));
    const { verdict } = await judges.validate(requestOf(["a"]));
    expect(verdict?.kind).toBe(VerdictKind.WRONG);
    expect(verdict?.votes[0]?.failure).toBeUndefined();
    expect(asked).toHaveLength(2);
    const [first, second] = asked;
    expect(second?.question.messages.length).toBeGreaterThan(first?.question.messages.length ?? 0);
  });

  test("a repair that fails is a vote with a failure", async () => {
    const { judges, asked } = judgeOf((_question, before) => (before === 0 ? { text: "yes" } : down));
    const { verdict } = await judges.validate(requestOf(["a"]));
    expect(verdict?.votes[0]?.failure?.reason).toBe(ErrorReason.UPSTREAM_ERROR);
    expect(verdict?.votes[0]?.calls).toHaveLength(2);
    expect(asked).toHaveLength(2);
  });

  test("nothing, told as a failure, is repaired too", async () => {
    const empty = { then: { error: new SynodError({ reason: "empty_answer", message: "nothing" }) } };
    const { judges, asked } = judgeOf((_question, before) => (before === 0 ? empty : right));
    const { verdict } = await judges.validate(requestOf(["a"]));
    expect(verdict?.kind).toBe(VerdictKind.RIGHT);
    expect(verdict?.votes[0]?.calls).toHaveLength(2);
    expect(asked).toHaveLength(2);
  });

  test("F55: an answer that claims a verdict decides nothing", async () => {
    const { judges, asked } = judgeOf(() => wrong);
    const { verdict } = await judges.validate(requestOf(["a"], { answer: right.text }));
    expect(verdict?.kind).toBe(VerdictKind.WRONG);
    expect(asked).toHaveLength(1);
  });
});

describe("a provider that cannot be asked for a shape of reply", () => {
  const rejected = {
    then: {
      error: new SynodError(
        { reason: "upstream_rejected", message: "no response_format here" },
        { spent: create(SpentUsageSchema, { usage: { costUsdNanos: 0n }, attempts: 1 }) },
      ),
    },
  };

  test("is asked without one", async () => {
    const { judges, asked } = judgeOf(({ sampling }) => (sampling?.responseFormat ? rejected : right));
    const { verdict } = await judges.validate(requestOf(["a"]));
    expect(verdict?.kind).toBe(VerdictKind.RIGHT);
    expect(verdict?.votes[0]?.calls).toHaveLength(2);
    expect(asked).toHaveLength(2);
    expect(asked[1]?.question.sampling?.temperature).toBe(0);
  });

  test("still gets one repair, also without one", async () => {
    const { judges, asked } = judgeOf(({ sampling }, before) => {
      if (sampling?.responseFormat) return rejected;
      return before === 1 ? { text: "yes" } : right;
    });
    const { verdict } = await judges.validate(requestOf(["a"]));
    expect(verdict?.kind).toBe(VerdictKind.RIGHT);
    expect(asked).toHaveLength(3);
  });

  test("is not asked for ever when it rejects everything", async () => {
    const { judges, asked } = judgeOf(() => rejected);
    const { verdict } = await judges.validate(requestOf(["a"]));
    expect(verdict?.votes[0]?.failure?.reason).toBe(ErrorReason.UPSTREAM_REJECTED);
    expect(asked).toHaveLength(2);
  });
});

describe("leaving", () => {
  test("F25: cancels every judge within a second", async () => {
    const { judges, asked } = judgeOf(({ model }) => (model === "a" ? right : { then: "hang" }));
    const controller = new AbortController();
    const result = judges
      .validate(requestOf(["a", "b", "c"]), { signal: controller.signal })
      .catch((error: unknown) => failureOf(error).reason);
    await eventually(() => asked.length === 3);
    controller.abort();
    expect(await result).toBe("canceled");
    await eventually(() => asked.filter(({ state }) => state === "aborted").length === 2);
    expect(asked).toHaveLength(3);
  });
});

describe("what is refused", () => {
  test.each([
    ["no judges", requestOf([])],
    ["no answer", requestOf(["a"], { answer: "" })],
    ["no messages", requestOf(["a"], { messages: [] })],
    ["more votes than judges", requestOf(["a"], { votesNeeded: 2 })],
    ["ten judges", requestOf([..."abcdefghij"])],
  ])("%s, before anything is paid", async (_what, request) => {
    const { judges, asked } = judgeOf(() => right);
    await expect(judges.validate(request)).rejects.toMatchObject({ code: Code.InvalidArgument });
    expect(asked).toHaveLength(0);
  });
});
