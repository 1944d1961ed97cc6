import { timestampDate } from "@bufbuild/protobuf/wkt";
import type { RunEvent, Voter } from "@synod/consensus";
import type { RunEvent as ProtoRunEvent, StreamChatResponse } from "@synod/contracts/chat";
import { fromProtoRunEvent, fromProtoVoter, MappingError, required, toNumber } from "@synod/mapping";
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

/** More of what a member writes. What is not read in time is left out. */
export interface MemberDelta {
  readonly type: "member_delta";
  readonly round: number;
  readonly voter: Voter;
  /** The model that was asked: the member's own, or a fallback. */
  readonly model: string;
  readonly text: string;
  /** How many characters before this text were left out. */
  readonly skippedChars: number;
}

/**
 * A piece of an answer that is streamed: any number of `delta` (more of the answer's text), `run_event` (something happened
 * in the run) and, where `consensus` says `"stream": "members"`, `member_delta`; then one `finished`, always last.
 */
export type ChatEvent =
  | { readonly type: "delta"; readonly text: string }
  | MemberDelta
  | { readonly type: "run_event"; readonly logged: LoggedEvent }
  | { readonly type: "finished"; readonly answer: ChatAnswer };

/** A piece of an answer from the contract. Undefined for one of a kind that only a newer version knows. */
export function readChatEvent({ event }: StreamChatResponse, requestId: string): ChatEvent | undefined {
  switch (event.case) {
    case "delta":
      return { type: "delta", text: event.value.text };
    case "memberDelta": {
      const { round, voter, model, text, skippedChars } = event.value;
      return {
        type: "member_delta",
        round,
        voter: fromProtoVoter(voter),
        model,
        text,
        skippedChars: toNumber(skippedChars, "member_delta.skipped_chars"),
      };
    }
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
