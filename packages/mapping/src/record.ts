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
import { fromTable } from "./enum.js";
import { fromProtoFailureOrNull, toProtoFailureOrUnset } from "./failure.js";
import { fromProtoFinishReason, toProtoFinishReason } from "./finish-reason.js";
import { fromProtoFieldAgreement, toProtoFieldAgreement } from "./outcome.js";
import { required } from "./required.js";
import { toMilliseconds, toNumber } from "./scalar.js";
import { fromProtoUsage, fromProtoUsageOrNull, toProtoUsage, toProtoUsageOrUnset } from "./usage.js";
import { fromProtoFinding, fromProtoVerdictKind, toProtoFinding, toProtoVerdictKind } from "./verdict.js";

const statuses = {
  answered: MemberStatus.ANSWERED,
  abstained: MemberStatus.ABSTAINED,
  failed: MemberStatus.FAILED,
  cancelled: MemberStatus.CANCELLED,
} as const satisfies Record<MemberRecord["status"], MemberStatus>;

const statusesFromProto = {
  [MemberStatus.UNSPECIFIED]: null,
  [MemberStatus.ANSWERED]: "answered",
  [MemberStatus.ABSTAINED]: "abstained",
  [MemberStatus.FAILED]: "failed",
  [MemberStatus.CANCELLED]: "cancelled",
} as const satisfies Record<MemberStatus, MemberRecord["status"] | null>;

/**
 * A record as its readers see it: the same, but that the words which a newer build may add to are any text, and that
 * how the run ended is told elsewhere.
 */
export interface ReadRecord extends Omit<
  RunRecord,
  "strategy" | "stopped" | "degraded" | "members" | "result"
> {
  readonly strategy: string;
  readonly stopped: string | null;
  readonly degraded: readonly string[];
  readonly members: readonly ReadMemberRecord[];
}

/** A member's record as its readers see it. */
export interface ReadMemberRecord extends Omit<MemberRecord, "abstention"> {
  readonly abstention: { readonly reason: string; readonly message: string } | null;
}

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

/**
 * How an answer came about, from the contract: what is unset there is null.
 *
 * @throws MappingError when something in it is unset or unknown that must not be.
 */
export function fromProtoConsensus(consensus: Consensus): ReadRecord {
  const { preset, strategy, rounds, simulated, judge } = consensus;
  return {
    preset,
    strategy,
    rounds,
    simulated,
    agreement: consensus.agreementRatio ?? null,
    confidence: consensus.confidenceRatio ?? null,
    validated: consensus.validated ?? null,
    stopped: consensus.stopped === "" ? null : consensus.stopped,
    degraded: [...consensus.degraded],
    members: consensus.members.map(fromProtoMemberRecord),
    dissent: consensus.dissent.map(({ answerKey, models }) => ({ answerKey, models: [...models] })),
    judge: judge === undefined ? null : fromProtoJudgeRecord(judge),
    calls: { made: consensus.callsMade, saved: consensus.callsSaved },
    tieBroken: consensus.tieBroken,
    fields: consensus.fields.map(fromProtoFieldAgreement),
    formatProblem: consensus.formatProblem === "" ? null : consensus.formatProblem,
    usage: fromProtoUsage(required(consensus.usage, "consensus.usage")),
  };
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

function fromProtoMemberRecord(member: ProtoMemberRecord): ReadMemberRecord {
  const status = fromTable<MemberStatus, MemberRecord["status"]>(
    statusesFromProto,
    member.status,
    "member.status",
  );
  const { abstention } = member;
  const hasFinished = status === "answered" || status === "abstained";
  return {
    model: member.model,
    servedModel: member.servedModel,
    round: member.round,
    sample: member.sample,
    status,
    answerKey: member.answerKey,
    counted: member.counted,
    abstention: abstention === undefined ? null : { reason: abstention.reason, message: abstention.message },
    usage: fromProtoUsageOrNull(member.usage),
    latencyMs: toNumber(member.latencyMs, "member.latency_ms"),
    firstTokenMs: member.firstTokenMs === 0n ? null : toNumber(member.firstTokenMs, "member.first_token_ms"),
    finishReason: hasFinished ? fromProtoFinishReason(member.finishReason) : null,
    truncated: member.truncated,
    failure: fromProtoFailureOrNull(member.failure),
    influence: member.influence ?? null,
    swings: member.swings,
    hedge: member.hedge === undefined ? null : { model: member.hedge.model, won: member.hedge.won },
  };
}

function fromProtoJudgeRecord(judge: ProtoJudgeRecord): NonNullable<RunRecord["judge"]> {
  const verdict = fromProtoVerdictKind(judge.verdict);
  return {
    verdict: verdict === "none" ? null : verdict,
    findings: judge.findings.map(fromProtoFinding),
    attempts: judge.attempts,
  };
}
