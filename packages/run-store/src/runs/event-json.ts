import { fromJsonString, toJsonString } from "@bufbuild/protobuf";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { RunEventSchema } from "@synod/contracts/chat";
import { fromProtoRunEvent, toProtoRunEvent } from "@synod/mapping";
import type { LoggedEvent } from "./run-store.js";

/** An event as it is stored: JSON of `synod.chat.v1.RunEvent`. Half of a surrogate pair becomes U+FFFD. */
export function toEventJson(runId: string, { seq, timeMs, event }: LoggedEvent): string {
  const json = toJsonString(RunEventSchema, toProtoRunEvent(event, { runId, seq, createTimeMs: timeMs }));
  return json.includes("\\ud") ? json.replaceAll(halfOfPair, "$1\\ufffd") : json;
}

// Only halves are escaped, and protobuf does not read them. An even number of backslashes before one escapes itself.
const halfOfPair = /(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g;

/** A stored event. What a newer build has added to it is left out. */
export function fromEventJson(json: string): LoggedEvent {
  const proto = fromJsonString(RunEventSchema, json, { ignoreUnknownFields: true });
  const timeMs = proto.createTime === undefined ? 0 : timestampMs(proto.createTime);
  return { seq: proto.seq, timeMs, event: fromProtoRunEvent(proto) };
}
