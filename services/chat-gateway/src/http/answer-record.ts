import type { Told } from "../once/told.js";
import { type ErrorAnswer, errorJson } from "./errors.js";

/** The media type of a streamed answer. */
export const streamType = "text/event-stream; charset=utf-8";
const jsonType = "application/json";

/** An answer that was noted. */
export type NotedAnswer =
  | { readonly type: "whole"; readonly status: number; readonly json: string }
  | { readonly type: "error"; readonly answer: ErrorAnswer; readonly beside: object }
  | {
      /** It has gone out already. */
      readonly type: "stream";
      /** Its lines, the pieces of a text put together. */
      readonly lines: string;
      /** Whether it ended with an error, and whether something was paid for it. */
      readonly error: { readonly paid: boolean } | null;
    };

/** Notes what a request is answered with, so that it can be told again. */
export interface AnswerRecord {
  /** What was noted: the first answer. Undefined while there is none. */
  readonly noted: NotedAnswer | undefined;
  whole(status: number, json: string): void;
  error(answer: ErrorAnswer, beside: object): void;
  stream(lines: string, error: { readonly paid: boolean } | null): void;
}

/** Makes an empty record. */
export function createAnswerRecord(): AnswerRecord {
  let noted: NotedAnswer | undefined;
  return {
    get noted() {
      return noted;
    },
    whole(status, json) {
      noted ??= { type: "whole", status, json };
    },
    error(answer, beside) {
      noted ??= { type: "error", answer, beside };
    },
    stream(lines, error) {
      noted ??= { type: "stream", lines, error };
    },
  };
}

/** What is told of an answer to whoever asks for the same again. */
export function toldOf(noted: NotedAnswer): Told {
  switch (noted.type) {
    case "whole":
      return {
        response: { status: noted.status, type: jsonType, body: noted.json },
        isKept: true,
        isAnswer: true,
      };
    case "error": {
      const { answer, beside } = noted;
      const body = JSON.stringify({ error: errorJson(answer), ...beside });
      return {
        response: { status: answer.status, type: jsonType, body },
        isKept: answer.paid,
        isAnswer: false,
      };
    }
    case "stream":
      return {
        response: { status: 200, type: streamType, body: noted.lines },
        isKept: noted.error?.paid ?? true,
        isAnswer: noted.error === null,
      };
    default:
      return noted satisfies never;
  }
}
