import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { Role } from "@synod/contracts/model";
import { type CompletionRequest, CompletionRequestSchema } from "@synod/contracts/provider";

/** What a test sets of a question. */
export type Changes = MessageInitShape<typeof CompletionRequestSchema>;

/** A content part that is a text. */
export const text = (value: string) => ({ content: { case: "text" as const, value } });

/** A question to a codec: one turn of a user, unless `changes` say otherwise. */
export function asking(changes: Changes = {}): CompletionRequest {
  const messages = [{ role: Role.USER, parts: [text("What is 6 x 7?")] }];
  return create(CompletionRequestSchema, { model: "x", messages, ...changes });
}
