import { PROVIDER_NAME } from "../fingerprint.js";
import type { LedgerCall } from "../../ledger/call.js";
import type { Generation } from "../../ledger/entry.js";

/** The body of `GET /key`. Dollars. */
export function openrouterKey(spent: number, isManagement: boolean): object {
  return {
    data: {
      label: "simulation",
      limit: null,
      limit_remaining: null,
      limit_reset: null,
      include_byok_in_limit: false,
      usage: spent,
      usage_daily: spent,
      usage_weekly: spent,
      usage_monthly: spent,
      byok_usage: 0,
      byok_usage_daily: 0,
      byok_usage_weekly: 0,
      byok_usage_monthly: 0,
      is_free_tier: false,
      is_management_key: isManagement,
      is_provisioning_key: isManagement,
      creator_user_id: "user_simulation",
      rate_limit: { requests: -1, interval: "10s", note: "This field is deprecated and safe to ignore." },
    },
  };
}

/** The body of `GET /credits`. Dollars. */
export function openrouterCredits(spent: number): object {
  return { data: { total_credits: 100, total_usage: spent } };
}

/** The body of `GET /generation`. Times are in milliseconds. */
export function openrouterGeneration(call: LedgerCall, generation: Generation): object {
  const firstToken = call.firstByteAt === null ? null : call.firstByteAt - call.receivedAt;
  return {
    data: {
      id: generation.id,
      upstream_id: null,
      model: call.model,
      provider_name: PROVIDER_NAME,
      created_at: new Date(call.receivedAt).toISOString(),
      streamed: call.stream,
      cancelled: call.state === "aborted",
      finish_reason: generation.finishReason,
      native_finish_reason: generation.finishReason,
      latency: firstToken,
      generation_time: call.endedAt === null ? null : call.endedAt - call.receivedAt,
      moderation_latency: null,
      tokens_prompt: generation.promptTokens,
      tokens_completion: generation.completionTokens,
      native_tokens_prompt: generation.promptTokens,
      native_tokens_completion: generation.completionTokens,
      native_tokens_reasoning: 0,
      native_tokens_cached: 0,
      total_cost: generation.costUsd,
      usage: generation.costUsd,
      upstream_inference_cost: null,
      cache_discount: null,
      is_byok: false,
      service_tier: null,
      router: null,
      session_id: null,
      request_id: null,
      provider_responses: [],
    },
  };
}
