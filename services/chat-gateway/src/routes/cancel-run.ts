import { create } from "@bufbuild/protobuf";
import { CancelRunResponseSchema, type ChatService } from "@synod/contracts/chat";
import type { ServiceImpl } from "@synod/rpc";
import type { RouteDeps } from "./deps.js";
import { callerOf } from "./know-caller.js";
import { toProtoRun } from "./run.js";

/** `ChatService.CancelRun` */
export function cancelRun({ history }: RouteDeps): ServiceImpl<typeof ChatService>["cancelRun"] {
  return async ({ runId }, context) => {
    const run = await history.cancel(runId, callerOf(context));
    return create(CancelRunResponseSchema, { run: toProtoRun(run) });
  };
}
