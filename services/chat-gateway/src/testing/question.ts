import { create, type MessageInitShape } from "@bufbuild/protobuf";
import type { ChatRequestSchema } from "@synod/contracts/chat";
import { MessageSchema, Role } from "@synod/contracts/model";

/** A question over RPC. */
export function chatQuestion(model = "synod/default"): MessageInitShape<typeof ChatRequestSchema> {
  const parts = [{ content: { case: "text", value: "What is 6 x 7?" } as const }];
  return { model, messages: [create(MessageSchema, { role: Role.USER, parts })] };
}
