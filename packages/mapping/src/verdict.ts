import { create } from "@bufbuild/protobuf";
import type { Finding, Judgement, JudgeVote, Verdict } from "@synod/consensus";
import {
  FindingSchema,
  JudgeCallSchema,
  type Finding as ProtoFinding,
  type JudgeVote as ProtoJudgeVote,
  JudgeVoteSchema,
  type Verdict as ProtoVerdict,
  VerdictKind,
  VerdictSchema,
} from "@synod/contracts/judge";
import { fromWord } from "./enum.js";
import { fromProtoFailureOrNull, toProtoFailureOrUnset } from "./failure.js";
import { toMilliseconds, toNumber } from "./scalar.js";
import { fromProtoUsageOrNull, toProtoUsageOrUnset } from "./usage.js";

const severities = { minor: true, major: true, critical: true } as const satisfies Record<
  Finding["severity"],
  true
>;

const kindsToProto = {
  right: VerdictKind.RIGHT,
  wrong: VerdictKind.WRONG,
  unsure: VerdictKind.UNSURE,
  none: VerdictKind.UNSPECIFIED,
} as const satisfies Record<Verdict["kind"], VerdictKind>;

const kindsFromProto: Readonly<Record<VerdictKind, Verdict["kind"]>> = {
  [VerdictKind.UNSPECIFIED]: "none",
  [VerdictKind.RIGHT]: "right",
  [VerdictKind.WRONG]: "wrong",
  [VerdictKind.UNSURE]: "unsure",
};

/** The contract's value of a verdict; unspecified for `none`. */
export function toProtoVerdictKind(kind: Verdict["kind"]): VerdictKind {
  return kindsToProto[kind];
}

/** The verdict behind the contract's value. What is unspecified or of a newer build is `none`, never `right`. */
export function fromProtoVerdictKind(kind: VerdictKind): Verdict["kind"] {
  const plain: Verdict["kind"] | undefined = kindsFromProto[kind];
  return plain ?? "none";
}

/** A finding as the contract has it. */
export function toProtoFinding(finding: Finding): ProtoFinding {
  return create(FindingSchema, {
    quote: finding.quote,
    problem: finding.problem,
    severity: finding.severity,
  });
}

/**
 * A finding from the contract.
 *
 * @throws MappingError when its severity is none of the known words.
 */
export function fromProtoFinding(finding: ProtoFinding): Finding {
  return {
    quote: finding.quote,
    problem: finding.problem,
    severity: fromWord<Finding["severity"]>(severities, finding.severity, "finding.severity"),
  };
}

/** What one judge said, as the contract has it. */
export function toProtoJudgeVote(vote: JudgeVote): ProtoJudgeVote {
  return create(JudgeVoteSchema, {
    model: vote.model,
    verdict: toProtoVerdictKind(vote.judgement?.verdict ?? "none"),
    findings: (vote.judgement?.findings ?? []).map(toProtoFinding),
    confidence: vote.judgement?.confidence ?? undefined,
    failure: toProtoFailureOrUnset(vote.failure),
    calls: vote.calls.map((call) =>
      create(JudgeCallSchema, {
        usage: toProtoUsageOrUnset(call.usage),
        latencyMs: toMilliseconds(call.latencyMs, "judge_call.latency_ms"),
      }),
    ),
  });
}

/**
 * What one judge said, from the contract.
 *
 * @throws MappingError when a figure is beyond 2^53 - 1, or a severity is unknown.
 */
export function fromProtoJudgeVote(vote: ProtoJudgeVote): JudgeVote {
  return {
    model: vote.model,
    judgement: judgementOf(vote),
    failure: fromProtoFailureOrNull(vote.failure),
    calls: vote.calls.map((call) => ({
      usage: fromProtoUsageOrNull(call.usage),
      latencyMs: toNumber(call.latencyMs, "judge_call.latency_ms"),
    })),
  };
}

function judgementOf(vote: ProtoJudgeVote): Judgement | null {
  const verdict = fromProtoVerdictKind(vote.verdict);
  if (verdict === "none") return null;
  return { verdict, findings: vote.findings.map(fromProtoFinding), confidence: vote.confidence ?? null };
}

/** What the jury says, as the contract has it. */
export function toProtoVerdict(verdict: Verdict): ProtoVerdict {
  return create(VerdictSchema, {
    kind: toProtoVerdictKind(verdict.kind),
    findings: verdict.findings.map(toProtoFinding),
    votes: verdict.votes.map(toProtoJudgeVote),
    promptVersion: verdict.promptVersion,
  });
}

/**
 * What the jury says, from the contract.
 *
 * @throws MappingError as `fromProtoJudgeVote` does.
 */
export function fromProtoVerdict(verdict: ProtoVerdict): Verdict {
  return {
    kind: fromProtoVerdictKind(verdict.kind),
    findings: verdict.findings.map(fromProtoFinding),
    votes: verdict.votes.map(fromProtoJudgeVote),
    promptVersion: verdict.promptVersion,
  };
}
