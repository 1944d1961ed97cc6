import { type ChatService, GetRunResponseSchema } from "@synod/contracts/chat";
import { create } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@synod/rpc";
import type { RouteDeps } from "./deps.js";
import { callerOf } from "./know-caller.js";
import { toProtoRun } from "./run.js";

/** `ChatService.GetRun` */
export function getRun({ history }: RouteDeps): ServiceImpl<typeof ChatService>["getRun"] {
  return async ({ runId }, context) => {
    const run = await history.find(runId, callerOf(context));
    return create(GetRunResponseSchema, { run: toProtoRun(run) });
  };
}
