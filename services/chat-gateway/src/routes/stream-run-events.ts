import { create } from "@bufbuild/protobuf";
import { type ChatService, StreamRunEventsResponseSchema } from "@synod/contracts/chat";
import { toProtoRunEvent } from "@synod/mapping";
import type { ServiceImpl } from "@synod/rpc";
import type { RouteDeps } from "./deps.js";
import { callerOf } from "./know-caller.js";

/** `ChatService.StreamRunEvents` */
export function streamRunEvents({ history }: RouteDeps): ServiceImpl<typeof ChatService>["streamRunEvents"] {
  return async function* ({ runId, afterSeq: after }, context) {
    await history.about(runId, callerOf(context));
    for await (const { seq, timeMs, event } of history.tail(runId, { after, signal: context.signal })) {
      const shown = toProtoRunEvent(event, { runId, seq, createTimeMs: timeMs });
      yield create(StreamRunEventsResponseSchema, { event: shown });
    }
  };
}
