import type { FinishReason } from "@synod/consensus";
import type { ErrorAnswer } from "./errors.js";
import { joinMembers, membersOf } from "./json-members.js";

/** What every chunk of an answer, and a whole answer, begin with. */
export interface AnswerHead {
  readonly id: string;
  readonly object: "chat.completion" | "chat.completion.chunk" | "text_completion";
  /** Seconds since 1970. */
  readonly created: number;
  readonly model: string;
  readonly system_fingerprint: string;
}

/** What an answer is the answer of. */
interface AnswerOrigin {
  /** Unlike that of any other answer. */
  readonly id: string;
  /** When it was asked for, in milliseconds since 1970. */
  readonly timeMs: number;
  readonly model: string;
  readonly fingerprint: string;
}

/** Makes the head of an answer. */
export function answerHead(
  object: AnswerHead["object"],
  { id, timeMs, model, fingerprint }: AnswerOrigin,
): AnswerHead {
  return {
    id: `${object === "text_completion" ? "cmpl" : "chatcmpl"}-${id}`,
    object,
    created: Math.floor(timeMs / 1_000),
    model,
    system_fingerprint: fingerprint,
  };
}

/** The end of every stream. */
export const done = "data: [DONE]\n\n";

/** How an answer ended. */
export interface Finish {
  readonly reason: FinishReason;
  /** The provider's own word for it. Empty or unset when there is none. */
  readonly native?: string;
}

/** The end of an answer as members of its choice. What a provider did not say in known words counts as done. */
export function finishMembers({ reason, native = "" }: Finish): string {
  const known = `"finish_reason":"${reason === "unknown" ? "stop" : reason}"`;
  return native === "" ? known : `${known},"native_finish_reason":${JSON.stringify(native)}`;
}

/** What a choice in a chunk holds beside its index and its end. */
export interface ChunkShape {
  readonly field: "delta" | "text";
  /** The field's JSON in the first chunk, which says who speaks. Null when there is no such chunk. */
  readonly opening: string | null;
  /** The field's JSON for more text. */
  text(piece: string): string;
  /** The field's JSON in the chunk that says why the answer ends. */
  readonly end: string;
  /** The field's JSON beside an error. */
  readonly broken: string;
}

/** The chunks of a chat completion. */
export const chatChunks: ChunkShape = {
  field: "delta",
  opening: '{"role":"assistant","content":""}',
  text: (piece) => `{"content":${JSON.stringify(piece)}}`,
  end: "{}",
  broken: '{"content":""}',
};

/** The chunks of a text completion. */
export const textChunks: ChunkShape = {
  field: "text",
  opening: null,
  text: (piece) => JSON.stringify(piece),
  end: '""',
  broken: '""',
};

/** The chunks of one answer, as lines of server-sent events. Only what changes is encoded. */
export interface Chunks {
  /** The first one: who speaks. Empty where nobody is named. */
  opening(): string;
  /** More text. */
  text(piece: string): string;
  /** More of something else: the JSON text of what a choice holds. */
  piece(json: string): string;
  finish(finish: Finish): string;
  /** One of what happens in the panel: no choices, but `consensus_event`, given as its JSON. */
  event(json: string): string;
  /** The last one: no choices, but what is said of the whole answer, as members in text. */
  last(about: string): string;
  /** An error after the stream began. */
  error(answer: Pick<ErrorAnswer, "status" | "message">, beside?: object): string;
}

/**
 * Makes the chunks of one answer.
 *
 * @param head Asked for with the first chunk, once.
 */
export function createChunks(head: () => AnswerHead, shape: ChunkShape = chatChunks): Chunks {
  let begun: string | undefined;
  const start = (): string => (begun ??= `data: {${membersOf(head())},`);
  const choice = (): string => `${start()}"choices":[{"index":0,"${shape.field}":`;
  const open = `,"logprobs":null,"finish_reason":null}]}\n\n`;
  const piece = (json: string): string => `${choice()}${json}${open}`;
  return {
    opening: () => (shape.opening === null ? "" : piece(shape.opening)),
    text: (text) => piece(shape.text(text)),
    piece,
    finish: (finish) => `${choice()}${shape.end},"logprobs":null,${finishMembers(finish)}}]}\n\n`,
    event: (json) => `${start()}"choices":[],"consensus_event":${json}}\n\n`,
    last: (about) => `${start()}${joinMembers('"choices":[]', about)}}\n\n`,
    error({ status, message }, beside = {}) {
      const error = membersOf({ error: { code: status, message } });
      const broken = `"choices":[{"index":0,"${shape.field}":${shape.broken},"finish_reason":"error"}]`;
      return `${start()}${joinMembers(error, broken, membersOf(beside))}}\n\n`;
    },
  };
}
