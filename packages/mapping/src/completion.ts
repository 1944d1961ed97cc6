import { create } from "@bufbuild/protobuf";
import type { Completion } from "@synod/consensus";
import { ContentPartSchema, MessageSchema, Role } from "@synod/contracts/model";
import { type Completion as ProtoCompletion, CompletionSchema } from "@synod/contracts/provider";
import { fromProtoFinishReason, toProtoFinishReason } from "./finish-reason.js";
import { fromProtoToolCall, toProtoToolCall } from "./message.js";
import { required } from "./required.js";
import { toMilliseconds, toNumber } from "./scalar.js";
import { fromProtoUsage, toProtoUsage } from "./usage.js";

/**
 * A whole answer as the contract has it. What a run does not keep (the provider's id and fingerprint, the reasoning
 * and what else it said) is empty.
 *
 * @throws MappingError when a figure is no whole number.
 */
export function toProtoCompletion(completion: Completion): ProtoCompletion {
  return create(CompletionSchema, {
    message: create(MessageSchema, {
      role: Role.ASSISTANT,
      parts:
        completion.text === ""
          ? []
          : [create(ContentPartSchema, { content: { case: "text", value: completion.text } })],
      toolCalls: completion.toolCalls.map(toProtoToolCall),
      refusal: completion.refusal,
    }),
    finishReason: toProtoFinishReason(completion.finishReason),
    rawFinishReason: completion.rawFinishReason,
    usage: toProtoUsage(completion.usage),
    model: completion.model,
    servedModel: completion.servedModel,
    latencyMs: toMilliseconds(completion.latencyMs, "completion.latency_ms"),
    firstTokenMs: toMilliseconds(completion.firstTokenMs, "completion.first_token_ms"),
    attempts: completion.attempts,
  });
}

/** The text of an answer: its text pieces joined. Empty when it has none. */
export function textOfProtoCompletion(completion: ProtoCompletion): string {
  const parts = completion.message?.parts ?? [];
  return parts.map((part) => (part.content.case === "text" ? part.content.value : "")).join("");
}

/** What of an answer says whether it is one, from the contract. It is there even when the figures are not. */
export function contentOfProtoCompletion(
  completion: ProtoCompletion,
): Pick<Completion, "text" | "toolCalls" | "refusal" | "finishReason"> {
  return {
    text: textOfProtoCompletion(completion),
    toolCalls: (completion.message?.toolCalls ?? []).map(fromProtoToolCall),
    refusal: completion.message?.refusal ?? "",
    finishReason: fromProtoFinishReason(completion.finishReason),
  };
}

/**
 * A whole answer from the contract.
 *
 * @throws MappingError when its usage is unset, or a figure is beyond 2^53 - 1.
 */
export function fromProtoCompletion(completion: ProtoCompletion): Completion {
  return {
    ...contentOfProtoCompletion(completion),
    rawFinishReason: completion.rawFinishReason,
    model: completion.model,
    servedModel: completion.servedModel,
    usage: fromProtoUsage(required(completion.usage, "completion.usage")),
    latencyMs: toNumber(completion.latencyMs, "completion.latency_ms"),
    firstTokenMs: toNumber(completion.firstTokenMs, "completion.first_token_ms"),
    attempts: completion.attempts,
  };
}
