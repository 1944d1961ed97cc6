import { create } from "@bufbuild/protobuf";
import type { ContentPart, Message, Role, ToolCall } from "@synod/consensus";
import {
  ContentPartSchema,
  type ContentPart as ProtoContentPart,
  MessageSchema,
  type Message as ProtoMessage,
  Role as ProtoRole,
  type ToolCall as ProtoToolCall,
  ToolCallSchema,
} from "@synod/contracts/model";
import { fromTable } from "./enum.js";
import { MappingError } from "./mapping-error.js";

const rolesToProto = {
  system: ProtoRole.SYSTEM,
  developer: ProtoRole.DEVELOPER,
  user: ProtoRole.USER,
  assistant: ProtoRole.ASSISTANT,
  tool: ProtoRole.TOOL,
} as const satisfies Record<Role, ProtoRole>;

const rolesFromProto = {
  [ProtoRole.UNSPECIFIED]: null,
  [ProtoRole.SYSTEM]: "system",
  [ProtoRole.DEVELOPER]: "developer",
  [ProtoRole.USER]: "user",
  [ProtoRole.ASSISTANT]: "assistant",
  [ProtoRole.TOOL]: "tool",
} as const satisfies Record<ProtoRole, Role | null>;

/** The contract's value of a role. */
export function toProtoRole(role: Role): ProtoRole {
  return rolesToProto[role];
}

/**
 * The role behind the contract's value.
 *
 * @throws MappingError when it is unspecified or unknown.
 */
export function fromProtoRole(role: ProtoRole): Role {
  return fromTable<ProtoRole, Role>(rolesFromProto, role, "role");
}

/** A piece of a message as the contract has it. */
export function toProtoPart(part: ContentPart): ProtoContentPart {
  switch (part.type) {
    case "text":
      return create(ContentPartSchema, { content: { case: "text", value: part.text } });
    case "other":
      return create(ContentPartSchema, { content: { case: "otherJson", value: part.json } });
    default:
      return part satisfies never;
  }
}

/**
 * A piece of a message from the contract.
 *
 * @throws MappingError when it holds nothing.
 */
export function fromProtoPart(part: ProtoContentPart): ContentPart {
  switch (part.content.case) {
    case "text":
      return { type: "text", text: part.content.value };
    case "otherJson":
      return { type: "other", json: part.content.value };
    case undefined:
      throw new MappingError("parts.content", "nothing is set");
    default:
      return part.content satisfies never;
  }
}

/** A call of a tool as the contract has it. */
export function toProtoToolCall(call: ToolCall): ProtoToolCall {
  return create(ToolCallSchema, { id: call.id, name: call.name, argumentsJson: call.argumentsJson });
}

/** A call of a tool from the contract. */
export function fromProtoToolCall(call: ProtoToolCall): ToolCall {
  return { id: call.id, name: call.name, argumentsJson: call.argumentsJson };
}

/** A turn as the contract has it. */
export function toProtoMessage(message: Message): ProtoMessage {
  return create(MessageSchema, {
    role: toProtoRole(message.role),
    parts: message.parts.map(toProtoPart),
    name: message.name ?? "",
    toolCalls: (message.toolCalls ?? []).map(toProtoToolCall),
    toolCallId: message.toolCallId ?? "",
    refusal: message.refusal ?? "",
    reasoning: message.reasoning ?? "",
    extraJson: message.extraJson ?? "",
  });
}

/**
 * A turn from the contract. What is empty there is absent here.
 *
 * @throws MappingError for a role or a piece that is unspecified or unknown.
 */
export function fromProtoMessage(message: ProtoMessage): Message {
  return {
    role: fromProtoRole(message.role),
    parts: message.parts.map(fromProtoPart),
    ...(message.name !== "" && { name: message.name }),
    ...(message.toolCalls.length > 0 && { toolCalls: message.toolCalls.map(fromProtoToolCall) }),
    ...(message.toolCallId !== "" && { toolCallId: message.toolCallId }),
    ...(message.refusal !== "" && { refusal: message.refusal }),
    ...(message.reasoning !== "" && { reasoning: message.reasoning }),
    ...(message.extraJson !== "" && { extraJson: message.extraJson }),
  };
}

/** A conversation as the contract has it. */
export function toProtoMessages(messages: readonly Message[]): ProtoMessage[] {
  return messages.map(toProtoMessage);
}

/**
 * A conversation from the contract.
 *
 * @throws MappingError as `fromProtoMessage` does.
 */
export function fromProtoMessages(messages: readonly ProtoMessage[]): Message[] {
  return messages.map(fromProtoMessage);
}
