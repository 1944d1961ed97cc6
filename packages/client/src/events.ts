import { timestampDate } from "@bufbuild/protobuf/wkt";
import type { RunEvent } from "@synod/consensus";
import type { RunEvent as ProtoRunEvent, StreamChatResponse } from "@synod/contracts/chat";
import { fromProtoRunEvent, MappingError, required } from "@synod/mapping";
import { type ChatAnswer, fromProtoAnswer } from "./answer.js";

/** Something that happened in a run, and its place there. */
export interface LoggedEvent {
  readonly runId: string;
  /** The position in the run, from 1, without gaps. */
  readonly seq: number;
  readonly createTime: Date;
  /** What happened. `unknown`: something that only a newer version of this client understands. */
  readonly event: RunEvent | { readonly type: "unknown" };
}

/**
 * A piece of an answer that is streamed: any number of `delta` (more of the answer's text) and `run_event` (something
 * happened in the run), then one `finished`, always last.
 */
export type ChatEvent =
  | { readonly type: "delta"; readonly text: string }
  | { readonly type: "run_event"; readonly logged: LoggedEvent }
  | { readonly type: "finished"; readonly answer: ChatAnswer };

/** A piece of an answer from the contract. Undefined for one of a kind that only a newer version knows. */
export function readChatEvent({ event }: StreamChatResponse, requestId: string): ChatEvent | undefined {
  switch (event.case) {
    case "delta":
      return { type: "delta", text: event.value.text };
    case "runEvent":
      return { type: "run_event", logged: readLoggedEvent(event.value) };
    case "finished":
      return {
        type: "finished",
        answer: fromProtoAnswer(required(event.value.response, "finished.response"), requestId),
      };
    case undefined:
      return undefined;
    default:
      return event satisfies never;
  }
}

/** An event of a run from the contract. */
export function readLoggedEvent(proto: ProtoRunEvent): LoggedEvent {
  const { runId, seq, createTime } = proto;
  return {
    runId,
    seq,
    createTime: timestampDate(required(createTime, "create_time")),
    event: eventIn(proto),
  };
}

function eventIn(proto: ProtoRunEvent): LoggedEvent["event"] {
  try {
    return fromProtoRunEvent(proto);
  } catch (error) {
    if (error instanceof MappingError) return { type: "unknown" };
    throw error;
  }
}
