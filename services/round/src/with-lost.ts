import { create } from "@bufbuild/protobuf";
import { addUsage, type Spent, unknownUsage } from "@synod/consensus";
import { type Completion, CompletionSchema } from "@synod/contracts/provider";
import { fromProtoUsage, toMilliseconds, toProtoUsage } from "@synod/mapping";

/** What an answer used and cost. */
export function spentFor({ usage, attempts }: Completion): Spent {
  return { usage: usage === undefined ? unknownUsage : fromProtoUsage(usage), attempts };
}

/** An answer with what other calls for it cost, and with the time that went by before it was asked for. */
export function withLost(completion: Completion, lost: Spent, waitedMs: number): Completion {
  if (lost.attempts === 0) return completion;
  const own = spentFor(completion);
  const waited = toMilliseconds(waitedMs, "latency_ms");
  return create(CompletionSchema, {
    ...completion,
    usage: toProtoUsage(addUsage(own.usage, lost.usage)),
    attempts: own.attempts + lost.attempts,
    latencyMs: completion.latencyMs + waited,
    firstTokenMs: completion.firstTokenMs === 0n ? 0n : completion.firstTokenMs + waited,
  });
}
