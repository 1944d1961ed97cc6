import { create } from "@bufbuild/protobuf";
import type { MemberRecord, RunRecord } from "@synod/consensus";
import {
  type Consensus,
  ConsensusSchema,
  type JudgeRecord as ProtoJudgeRecord,
  JudgeRecordSchema,
  type MemberRecord as ProtoMemberRecord,
  MemberRecordSchema,
  MemberStatus,
} from "@synod/contracts/chat";
import { FinishReason } from "@synod/contracts/model";
import { toProtoFailureOrUnset } from "./failure.js";
import { toProtoFinishReason } from "./finish-reason.js";
import { toProtoFieldAgreement } from "./outcome.js";
import { toMilliseconds } from "./scalar.js";
import { toProtoUsage, toProtoUsageOrUnset } from "./usage.js";
import { toProtoFinding, toProtoVerdictKind } from "./verdict.js";

const statuses = {
  answered: MemberStatus.ANSWERED,
  abstained: MemberStatus.ABSTAINED,
  failed: MemberStatus.FAILED,
  cancelled: MemberStatus.CANCELLED,
} as const satisfies Record<MemberRecord["status"], MemberStatus>;

/** How an answer came about, as the contract has it: what is null in the record is unset there. */
export function toProtoConsensus(runId: string, record: RunRecord): Consensus {
  return create(ConsensusSchema, {
    runId,
    preset: record.preset,
    strategy: record.strategy,
    rounds: record.rounds,
    simulated: record.simulated,
    agreementRatio: record.agreement ?? undefined,
    confidenceRatio: record.confidence ?? undefined,
    validated: record.validated ?? undefined,
    stopped: record.stopped ?? "",
    degraded: [...record.degraded],
    members: record.members.map(toProtoMemberRecord),
    dissent: record.dissent.map(({ answerKey, models }) => ({ answerKey, models: [...models] })),
    judge: record.judge === null ? undefined : toProtoJudgeRecord(record.judge),
    callsMade: record.calls.made,
    callsSaved: record.calls.saved,
    usage: toProtoUsage(record.usage),
    tieBroken: record.tieBroken,
    fields: record.fields.map(toProtoFieldAgreement),
    formatProblem: record.formatProblem ?? "",
  });
}

function toProtoMemberRecord(member: MemberRecord): ProtoMemberRecord {
  return create(MemberRecordSchema, {
    model: member.model,
    servedModel: member.servedModel,
    round: member.round,
    sample: member.sample,
    status: statuses[member.status],
    answerKey: member.answerKey,
    counted: member.counted,
    abstention: member.abstention ?? undefined,
    usage: toProtoUsageOrUnset(member.usage),
    latencyMs: toMilliseconds(member.latencyMs, "member.latency_ms"),
    firstTokenMs: toMilliseconds(member.firstTokenMs ?? 0, "member.first_token_ms"),
    finishReason:
      member.finishReason === null ? FinishReason.UNSPECIFIED : toProtoFinishReason(member.finishReason),
    truncated: member.truncated,
    failure: toProtoFailureOrUnset(member.failure),
    hedge: member.hedge ?? undefined,
    influence: member.influence ?? undefined,
    swings: member.swings,
  });
}

function toProtoJudgeRecord(judge: NonNullable<RunRecord["judge"]>): ProtoJudgeRecord {
  return create(JudgeRecordSchema, {
    verdict: toProtoVerdictKind(judge.verdict ?? "none"),
    findings: judge.findings.map(toProtoFinding),
    attempts: judge.attempts,
  });
}
