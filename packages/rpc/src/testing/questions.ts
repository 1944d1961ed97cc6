import type { MessageInitShape } from "@bufbuild/protobuf";
import { Role } from "@synod/contracts/model";
import type {
  CompleteRequest,
  CompleteRequestSchema,
  CompleteResponseSchema,
  StreamCompletionResponse,
  StreamCompletionResponseSchema,
} from "@synod/contracts/provider";

/** A valid question; also valid for `streamCompletion`. */
export function question(
  text: string,
): MessageInitShape<typeof CompleteRequestSchema> & { $typeName?: never } {
  const parts = [{ content: { case: "text" as const, value: text } }];
  return { completion: { model: "test/model", messages: [{ role: Role.USER, parts }] } };
}

/** The text of a question. */
export function textOf(request: Pick<CompleteRequest, "completion">): string {
  const part = request.completion?.messages[0]?.parts[0];
  return part?.content.case === "text" ? part.content.value : "";
}

/** An answer. */
export function answer(servedModel: string): MessageInitShape<typeof CompleteResponseSchema> {
  return { completion: { servedModel } };
}

/** A piece of a streamed answer. */
export function piece(text: string): MessageInitShape<typeof StreamCompletionResponseSchema> {
  return { event: { case: "delta", value: { text } } };
}

/** The text of a piece. */
export function pieceText({ event }: StreamCompletionResponse): string {
  return event.case === "delta" ? event.value.text : "";
}

/** The texts of a stream. */
export async function pieceTexts(stream: AsyncIterable<StreamCompletionResponse>): Promise<string[]> {
  const texts: string[] = [];
  for await (const message of stream) texts.push(pieceText(message));
  return texts;
}
