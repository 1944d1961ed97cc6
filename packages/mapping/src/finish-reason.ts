import type { FinishReason } from "@synod/consensus";
import { FinishReason as ProtoFinishReason } from "@synod/contracts/model";

const toProto = {
  stop: ProtoFinishReason.STOP,
  length: ProtoFinishReason.LENGTH,
  tool_calls: ProtoFinishReason.TOOL_CALLS,
  content_filter: ProtoFinishReason.CONTENT_FILTER,
  unknown: ProtoFinishReason.UNSPECIFIED,
} as const satisfies Record<FinishReason, ProtoFinishReason>;

const fromProto: Readonly<Record<ProtoFinishReason, FinishReason>> = {
  [ProtoFinishReason.UNSPECIFIED]: "unknown",
  [ProtoFinishReason.STOP]: "stop",
  [ProtoFinishReason.LENGTH]: "length",
  [ProtoFinishReason.TOOL_CALLS]: "tool_calls",
  [ProtoFinishReason.CONTENT_FILTER]: "content_filter",
};

/** Why a model stopped, as the contract has it. */
export function toProtoFinishReason(reason: FinishReason): ProtoFinishReason {
  return toProto[reason];
}

/** Why a model stopped, from the contract. A value of a newer build is `unknown`. */
export function fromProtoFinishReason(reason: ProtoFinishReason): FinishReason {
  const plain: FinishReason | undefined = fromProto[reason];
  return plain ?? "unknown";
}
