import { create } from "@bufbuild/protobuf";
import type { RunRecord } from "@synod/consensus";
import { ConsensusSchema, MemberStatus } from "@synod/contracts/chat";
import { VerdictKind } from "@synod/contracts/judge";
import { FinishReason } from "@synod/contracts/model";
import { describe, expect, test } from "vitest";
import { MappingError } from "./mapping-error.js";
import { fromProtoConsensus, toProtoConsensus } from "./record.js";

const usage = {
  inputTokens: 10,
  outputTokens: 5,
  cachedInputTokens: 0,
  reasoningTokens: 0,
  costUsdNanos: null,
  estimated: false,
};

const record: RunRecord = {
  preset: "default",
  strategy: "majority",
  rounds: 1,
  simulated: true,
  agreement: null,
  confidence: null,
  validated: null,
  stopped: null,
  degraded: ["member_failed", "cost_unknown"],
  members: [
    {
      model: "sim/a",
      servedModel: "",
      round: 1,
      sample: 1,
      status: "failed",
      answerKey: "",
      counted: false,
      abstention: null,
      usage: null,
      latencyMs: 12.6,
      firstTokenMs: null,
      finishReason: null,
      truncated: false,
      failure: { reason: "upstream_error", message: "503", retryable: true },
      influence: null,
      swings: false,
      hedge: { model: "sim/c", won: false },
    },
  ],
  dissent: [{ answerKey: "41", models: ["sim/b"] }],
  judge: { verdict: null, findings: [], attempts: 1 },
  calls: { made: 3, saved: 1 },
  tieBroken: false,
  fields: [],
  formatProblem: null,
  usage,
  result: null,
};

describe("a record", () => {
  test("leaves unset what is null", () => {
    const consensus = toProtoConsensus("run_1", record);
    expect(consensus).toMatchObject({ runId: "run_1", preset: "default", strategy: "majority", stopped: "" });
    expect(consensus.agreementRatio).toBeUndefined();
    expect(consensus.confidenceRatio).toBeUndefined();
    expect(consensus.validated).toBeUndefined();
    expect(consensus.usage?.costUsdNanos).toBeUndefined();
    expect(consensus.judge?.verdict).toBe(VerdictKind.UNSPECIFIED);
    expect(consensus.members[0]).toMatchObject({
      status: MemberStatus.FAILED,
      latencyMs: 13n,
      firstTokenMs: 0n,
      finishReason: FinishReason.UNSPECIFIED,
    });
    expect(consensus.members[0]?.usage).toBeUndefined();
    expect(consensus.members[0]?.abstention).toBeUndefined();
    expect(consensus.members[0]?.hedge).toMatchObject({ model: "sim/c", won: false });
  });

  test("says why an answer has no vote", () => {
    const abstention = { reason: "no_number", message: "It does not hold a number." } as const;
    const members = record.members.map((member) => ({ ...member, status: "abstained" as const, abstention }));
    const consensus = toProtoConsensus("run_1", { ...record, members });
    expect(consensus.members[0]).toMatchObject({ status: MemberStatus.ABSTAINED, abstention });
    expect(fromProtoConsensus(consensus).members[0]?.abstention).toEqual(abstention);
  });

  test("says what is known, zero and false included", () => {
    const consensus = toProtoConsensus("run_1", {
      ...record,
      agreement: 0,
      confidence: 0,
      validated: false,
      stopped: "max_regenerations",
      judge: null,
    });
    expect(consensus).toMatchObject({
      agreementRatio: 0,
      confidenceRatio: 0,
      validated: false,
      stopped: "max_regenerations",
      callsMade: 3,
      callsSaved: 1,
    });
    expect(consensus.judge).toBeUndefined();
  });

  test("comes back as it was, but for fractions of a millisecond and how the run ended", () => {
    const { result: _, ...read } = record;
    const [failed] = record.members;
    if (failed === undefined) throw new Error("the record has no member");
    const answered: RunRecord["members"][number] = {
      ...failed,
      servedModel: "sim/a-1",
      status: "answered",
      answerKey: "42",
      counted: true,
      usage: { ...usage, costUsdNanos: 1_500 },
      latencyMs: 20,
      firstTokenMs: 7,
      finishReason: "unknown",
      failure: null,
      influence: -0.25,
      swings: true,
      hedge: null,
    };
    const full = {
      ...read,
      agreement: 1,
      confidence: 0.5,
      validated: true,
      stopped: "lossless" as const,
      members: [{ ...failed, latencyMs: 13 }, answered],
      judge: {
        verdict: "wrong" as const,
        findings: [{ quote: "a", problem: "b", severity: "major" as const }],
        attempts: 2,
      },
      fields: [{ path: "/a", agreement: 0.5, support: 1, voters: 2 }],
      formatProblem: "no object",
    };
    for (const each of [full, { ...read, members: [] }, { ...full, judge: null }]) {
      expect(fromProtoConsensus(toProtoConsensus("run_1", { ...each, result: null }))).toEqual(each);
    }
  });

  test("is read with the words of a newer build, but not without what every record has", () => {
    const newer = create(ConsensusSchema, {
      strategy: "dreaming",
      stopped: "bored",
      degraded: ["sleepy"],
      usage: {},
    });
    expect(fromProtoConsensus(newer)).toMatchObject({
      strategy: "dreaming",
      stopped: "bored",
      degraded: ["sleepy"],
    });
    expect(() => fromProtoConsensus(create(ConsensusSchema))).toThrow(MappingError);
    expect(() => fromProtoConsensus(create(ConsensusSchema, { usage: {}, members: [{}] }))).toThrow(
      "member.status",
    );
  });
});
