import { create } from "@bufbuild/protobuf";
import type { Answer } from "@synod/consensus";
import { AnswerSchema, type Answer as ProtoAnswer } from "@synod/contracts/aggregation";
import { fromProtoToolCall, toProtoToolCall } from "./message.js";
import { fromProtoVoter, toProtoVoter } from "./voter.js";

/** An answer of a round as the contract has it. */
export function toProtoAnswer(answer: Answer): ProtoAnswer {
  return create(AnswerSchema, {
    voter: toProtoVoter(answer.voter),
    text: answer.text,
    weight: answer.weight,
    truncated: answer.truncated,
    accuracy: answer.accuracy,
    toolCalls: (answer.toolCalls ?? []).map(toProtoToolCall),
  });
}

/**
 * An answer of a round from the contract. Its weight is 1 when unset.
 *
 * @throws MappingError when its voter is unset.
 */
export function fromProtoAnswer(answer: ProtoAnswer): Answer {
  return {
    voter: fromProtoVoter(answer.voter),
    text: answer.text,
    weight: answer.weight ?? 1,
    truncated: answer.truncated,
    ...(answer.accuracy !== undefined && { accuracy: answer.accuracy }),
    ...(answer.toolCalls.length > 0 && { toolCalls: answer.toolCalls.map(fromProtoToolCall) }),
  };
}
