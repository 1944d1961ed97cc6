import type { Completion, CompletionDelta } from "@synod/contracts/provider";
import { fromProtoFinishReason, textOfProtoCompletion } from "@synod/mapping";
import {
  type AnswerHead,
  chatChunks,
  type ChunkShape,
  type Finish,
  finishMembers,
  textChunks,
} from "./chunks.js";
import { joinMembers, membersIn, membersOf } from "./json-members.js";
import { toolCallJson } from "./tool-call-json.js";

/** A piece of an answer. */
export type Piece = Pick<CompletionDelta, "text" | "reasoning" | "toolCallsJson" | "refusal" | "extraJson">;

/** How the answer of one model is written: as a chat completion, or as a text completion. */
export interface AnswerForm {
  readonly whole: AnswerHead["object"];
  readonly chunk: AnswerHead["object"];
  readonly chunks: ChunkShape;
  /** The one choice of a whole answer, as JSON text. */
  choice(completion: Completion): string;
  /** The JSON of a piece in a chunk; null when there is no more to it than its text. */
  pieceJson(piece: Piece): string | null;
}

/** As a chat completion. */
export const chatForm: AnswerForm = {
  whole: "chat.completion",
  chunk: "chat.completion.chunk",
  chunks: chatChunks,
  choice(completion) {
    const said = `"index":0,"message":${messageJson(completion)},"logprobs":null`;
    return `{${said},${finishMembers(finishOf(completion))}}`;
  },
  pieceJson({ text, reasoning, toolCallsJson, refusal, extraJson }) {
    if (reasoning === "" && toolCallsJson === "" && refusal === "" && extraJson === "") return null;
    const said = {
      ...(text !== "" && { content: text }),
      ...(reasoning !== "" && { reasoning }),
      ...(refusal !== "" && { refusal }),
    };
    const calls = toolCallsJson === "" ? "" : `"tool_calls":${toolCallsJson}`;
    return `{${joinMembers(membersOf(said), calls, membersIn(extraJson))}}`;
  },
};

/** As a text completion: its text and its end alone, since it has no place for more. */
export const textForm: AnswerForm = {
  whole: "text_completion",
  chunk: "text_completion",
  chunks: textChunks,
  choice(completion) {
    const text = JSON.stringify(textOfProtoCompletion(completion));
    return `{"index":0,"text":${text},"logprobs":null,${finishMembers(finishOf(completion))}}`;
  },
  pieceJson: () => null,
};

/** How a completion ended. */
export function finishOf({ finishReason, rawFinishReason }: Completion): Finish {
  return { reason: fromProtoFinishReason(finishReason), native: rawFinishReason };
}

function messageJson(completion: Completion): string {
  const text = textOfProtoCompletion(completion);
  const { refusal = "", toolCalls = [], extraJson = "" } = completion.message ?? {};
  const said = {
    role: "assistant",
    content: text === "" && (refusal !== "" || toolCalls.length > 0) ? null : text,
    refusal: refusal === "" ? null : refusal,
    ...(completion.reasoning !== "" && { reasoning: completion.reasoning }),
    ...(toolCalls.length > 0 && {
      tool_calls: toolCalls.map(toolCallJson),
    }),
  };
  return `{${joinMembers(membersOf(said), membersIn(extraJson))}}`;
}
