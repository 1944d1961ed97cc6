import type { Failure, FieldAgreement, Usage } from "@synod/consensus";
import type { ReadMemberRecord, ReadRecord } from "../record.js";
import { costUsd } from "./usd.js";

/**
 * The `usage` object of an answer. Its `cost` is in US dollars, null when a price is not known. `estimated` stands there
 * only where it is true: a figure is not the provider's, or the provider's figures contradict each other.
 */
export function usageJson(usage: Usage): object {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedInputTokens },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    cost: costUsd(usage.costUsdNanos),
    ...(usage.estimated && { estimated: true }),
  };
}

/** The `consensus` object of an answer: how it came about. */
export function consensusJson(runId: string, record: ReadRecord): object {
  return {
    run_id: runId,
    preset: record.preset,
    strategy: record.strategy,
    rounds: record.rounds,
    simulated: record.simulated,
    agreement: record.agreement,
    confidence: record.confidence,
    validated: record.validated,
    stopped: record.stopped,
    degraded: record.degraded,
    members: record.members.map(memberJson),
    tie_broken: record.tieBroken,
    fields: record.fields.length === 0 ? null : record.fields.map(fieldJson),
    format_problem: record.formatProblem,
    dissent: record.dissent.map(({ answerKey, models }) => ({ answer_key: answerKey, models })),
    judge: record.judge,
    calls: record.calls,
    cost_usd: costUsd(record.usage.costUsdNanos),
  };
}

function memberJson(member: ReadMemberRecord): object {
  return {
    model: member.model,
    served_model: member.servedModel || null,
    round: member.round,
    sample: member.sample,
    status: member.status,
    answer_key: member.answerKey || null,
    counted: member.counted,
    abstention: member.abstention,
    usage: member.usage === null ? null : usageJson(member.usage),
    cost_usd: member.usage === null ? null : costUsd(member.usage.costUsdNanos),
    latency_ms: member.latencyMs,
    first_token_ms: member.firstTokenMs,
    finish_reason: member.finishReason === "unknown" ? null : member.finishReason,
    truncated: member.truncated,
    hedge: member.hedge,
    influence: member.influence,
    swings: member.swings,
    error: member.failure === null ? null : failureJson(member.failure),
  };
}

function fieldJson({ path, agreement, support, voters }: FieldAgreement): object {
  return { path, agreement, support, voters };
}

/** Why a member failed. */
export function failureJson({ reason, message, retryable, paidPartial = false }: Failure): object {
  return { code: reason, message, retryable, ...(paidPartial && { paid_partial: true }) };
}
