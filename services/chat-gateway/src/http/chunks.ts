import { randomUUID } from "node:crypto";
import type { FinishReason } from "@synod/consensus";
import type { ErrorAnswer } from "./errors.js";

/** What every chunk of an answer, and a whole answer, begin with. */
export interface AnswerHead {
  readonly id: string;
  readonly object: "chat.completion" | "chat.completion.chunk";
  /** Seconds since 1970. */
  readonly created: number;
  readonly model: string;
  readonly system_fingerprint: string;
}

/** Makes the head of an answer. */
export function answerHead(
  object: AnswerHead["object"],
  model: string,
  nowMs: number,
  fingerprint: string,
): AnswerHead {
  return {
    id: `chatcmpl-${randomUUID()}`,
    object,
    created: Math.floor(nowMs / 1_000),
    model,
    system_fingerprint: fingerprint,
  };
}

/** The end of every stream. */
export const done = "data: [DONE]\n\n";

/** A reason to stop as clients of the API know it. What a provider did not say in known words counts as done. */
export function finishReasonJson(reason: FinishReason): string {
  return reason === "unknown" ? "stop" : reason;
}

/** The chunks of one answer, as lines of server-sent events. Only what changes is encoded. */
export interface Chunks {
  /** The first one: who speaks. */
  role(): string;
  /** More text. */
  text(piece: string): string;
  /** More of something else: a `delta` object as JSON text. */
  delta(json: string): string;
  finish(reason: FinishReason): string;
  /** The last one: no choices, but what is said of the whole answer. */
  last(about: object): string;
  /** An error after the stream began. */
  error(answer: ErrorAnswer, beside?: object): string;
}

/** Makes the chunks of one answer. */
export function createChunks(head: AnswerHead): Chunks {
  const fields = JSON.stringify(head);
  const start = `data: ${fields.slice(0, -1)},`;
  const choice = `${start}"choices":[{"index":0,"delta":`;
  const open = `,"logprobs":null,"finish_reason":null}]}\n\n`;
  const withTail = (about: object): string => {
    const tail = JSON.stringify(about).slice(1, -1);
    return tail === "" ? "}\n\n" : `,${tail}}\n\n`;
  };
  return {
    role: () => `${choice}{"role":"assistant","content":""}${open}`,
    text: (piece) => `${choice}{"content":${JSON.stringify(piece)}}${open}`,
    delta: (json) => `${choice}${json}${open}`,
    finish: (reason) => `${choice}{},"logprobs":null,"finish_reason":"${finishReasonJson(reason)}"}]}\n\n`,
    last: (about) => `${start}"choices":[]${withTail(about)}`,
    error: ({ status, message }, beside = {}) =>
      `${start}"error":${JSON.stringify({ code: status, message })},` +
      `"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]${withTail(beside)}`,
  };
}
