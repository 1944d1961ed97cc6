import type { Refusal } from "../wire/dialect.js";
import { PROVIDER_NAME } from "../wire/fingerprint.js";
import type { Plan } from "../wire/plan.js";
import type { FaultContext } from "./definition.js";

/** A refusal in the words of the provider that was called. */
export function refuse({ dialect, model, now }: FaultContext, refusal: Refusal): Plan {
  return dialect.refuse(refusal, { model, now });
}

/** What OpenRouter passes on of a provider's failure, in one of the forms of `raw`. */
export function upstreamDetail(status: number, raw: "text" | "json_text" | "object"): object {
  const detail = { error: { message: "simulated failure upstream", code: status } };
  return {
    provider_name: PROVIDER_NAME,
    raw:
      raw === "text" ? "simulated failure upstream" : raw === "json_text" ? JSON.stringify(detail) : detail,
    error_type:
      status === 429
        ? "rate_limit_exceeded"
        : status === 503 || status === 529
          ? "provider_overloaded"
          : "provider_unavailable",
    provider_code: String(status),
  };
}
