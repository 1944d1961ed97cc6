import { create } from "@bufbuild/protobuf";
import { AnswerSchema, Strategy } from "@synod/contracts/aggregation";
import { JudgeMode, RunSpecSchema } from "@synod/contracts/chat";
import { ErrorReason } from "@synod/contracts/error";
import { VerdictKind } from "@synod/contracts/judge";
import { ContentPartSchema, FinishReason, MessageSchema, Role, UsageSchema } from "@synod/contracts/model";
import { CompletionSchema } from "@synod/contracts/provider";
import { RunRoundResponseSchema, StopRule, VoteStatistic } from "@synod/contracts/round";
import { describe, expect, test } from "vitest";
import { fromProtoAnswer } from "./answer.js";
import { fromProtoAnswerFormat } from "./answer-format.js";
import { fromProtoCompletion } from "./completion.js";
import { fromProtoReason } from "./failure.js";
import { fromProtoFinishReason } from "./finish-reason.js";
import { MappingError } from "./mapping-error.js";
import { fromProtoMessage, fromProtoPart, toProtoMessage } from "./message.js";
import { fromProtoRoundResponse, toProtoMember } from "./round.js";
import { fromProtoRunSpec } from "./run-spec.js";
import { fromProtoHedge, fromProtoStatistic, fromProtoStopRule } from "./stopping.js";
import { fromProtoStrategy } from "./strategy.js";
import { fromProtoFinding, fromProtoVerdictKind } from "./verdict.js";

const unknown = 99 as never;

describe("what a newer build may say", () => {
  test("is never taken for a verdict, a reason or an ending that it is not", () => {
    expect(fromProtoVerdictKind(unknown)).toBe("none");
    expect(fromProtoVerdictKind(VerdictKind.UNSPECIFIED)).toBe("none");
    expect(fromProtoReason(unknown)).toBe("internal");
    expect(fromProtoReason(ErrorReason.UNSPECIFIED)).toBe("internal");
    expect(fromProtoFinishReason(unknown)).toBe("unknown");
    expect(fromProtoFinishReason(FinishReason.UNSPECIFIED)).toBe("unknown");
  });

  test.each([
    ["role", () => fromProtoMessage(create(MessageSchema, { role: Role.UNSPECIFIED }))],
    ["part", () => fromProtoPart(create(ContentPartSchema, {}))],
    ["strategy", () => fromProtoStrategy(unknown)],
    ["unset strategy", () => fromProtoStrategy(Strategy.UNSPECIFIED)],
    ["stop rule", () => fromProtoStopRule(unknown)],
    ["statistic", () => fromProtoStatistic(unknown)],
    ["answer format", () => fromProtoAnswerFormat("haiku")],
    ["answer format of the prototype", () => fromProtoAnswerFormat("constructor")],
    [
      "severity",
      () => fromProtoFinding({ $typeName: "synod.judge.v1.Finding", quote: "", problem: "", severity: "" }),
    ],
    ["event of a round", () => fromProtoRoundResponse(1, create(RunRoundResponseSchema, {}))],
    ["answer without a voter", () => fromProtoAnswer(create(AnswerSchema, { text: "42" }))],
    ["completion without a usage", () => fromProtoCompletion(create(CompletionSchema, {}))],
  ])("is refused where nothing can stand for it: %s", (_what, map) => {
    expect(map).toThrow(MappingError);
  });
});

describe("defaults of the contracts", () => {
  test("are filled in", () => {
    expect(fromProtoAnswerFormat("")).toBe("auto");
    expect(fromProtoStopRule(StopRule.UNSPECIFIED)).toBe("off");
    expect(fromProtoStatistic(VoteStatistic.UNSPECIFIED)).toBe("plurality");
    expect(fromProtoHedge({ case: undefined })).toBeNull();
    expect(fromProtoHedge({ case: "hedgeAfterP95", value: false })).toBeNull();
    const older = create(RunSpecSchema, {
      members: [{ model: "a" }, { model: "b" }],
      grace: {},
      deadline: {},
      aggregatedPromptRole: Role.SYSTEM,
      aggregation: { strategy: Strategy.MAJORITY },
      judge: { mode: JudgeMode.OFF },
    });
    expect(fromProtoRunSpec(older)).toMatchObject({ stopConfidence: 0.95, askFirst: 2, hedgeAfterMs: null });
    expect(fromProtoAnswer(create(AnswerSchema, { voter: { member: 0, sample: 1 }, text: "42" }))).toEqual({
      voter: { member: 0, sample: 1 },
      text: "42",
      weight: 1,
      truncated: false,
    });
  });
});

describe("a completion", () => {
  test("has the text of all its pieces, its tool calls and its refusal", () => {
    const plain = fromProtoCompletion(
      create(CompletionSchema, {
        message: {
          role: Role.ASSISTANT,
          parts: [
            { content: { case: "text", value: "4" } },
            { content: { case: "otherJson", value: "{}" } },
            { content: { case: "text", value: "2" } },
          ],
          toolCalls: [{ id: "c", name: "add", argumentsJson: "{" }],
          refusal: "no",
        },
        usage: create(UsageSchema, { outputTokens: 2n }),
      }),
    );
    expect(plain).toMatchObject({
      text: "42",
      refusal: "no",
      toolCalls: [{ id: "c", name: "add", argumentsJson: "{" }],
      usage: { outputTokens: 2, costUsdNanos: null },
    });
  });
});

describe("a turn that a model wrote", () => {
  test("keeps its refusal, its reasoning and what else it holds, and has none where it held nothing", () => {
    const said = { refusal: "Not that.", reasoning: "6 x 7", extraJson: '{"images":[1.0]}' };
    const turn = { role: "assistant", parts: [], ...said } as const;
    const proto = toProtoMessage(turn);
    expect(proto).toMatchObject(said);
    expect(fromProtoMessage(proto)).toEqual(turn);
    const plain = { role: "assistant", parts: [] } as const;
    expect(fromProtoMessage(toProtoMessage(plain))).toEqual(plain);
  });
});

describe("a member", () => {
  test("is asked without what only the run needs", () => {
    const member = toProtoMember({
      model: "groq/a",
      sampling: { temperature: 0 },
      weight: 2,
      accuracy: 0.7,
      samples: 3,
      fallbacks: ["groq/b"],
      family: "f",
    });
    expect(member).toMatchObject({ model: "groq/a", weight: 2, samples: 3, fallbacks: ["groq/b"] });
    expect(member.sampling?.temperature).toBe(0);
  });
});
