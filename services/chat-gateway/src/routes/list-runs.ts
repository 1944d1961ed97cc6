import { create } from "@bufbuild/protobuf";
import { type Timestamp, timestampMs } from "@bufbuild/protobuf/wkt";
import {
  type ChatService,
  type ListRunsRequest,
  ListRunsResponseSchema,
  RunStatus,
} from "@synod/contracts/chat";
import type { ServiceImpl } from "@synod/rpc";
import { defaultLimit, momentOf, presetOf } from "../history/run-filter.js";
import type { RunFilter } from "../history/run-history.js";
import type { RouteDeps } from "./deps.js";
import { callerOf } from "./know-caller.js";
import { toProtoRunSummary } from "./run.js";

const statuses = {
  [RunStatus.UNSPECIFIED]: undefined,
  [RunStatus.COMPLETED]: "completed",
  [RunStatus.FAILED]: "failed",
  [RunStatus.CANCELLED]: "cancelled",
  [RunStatus.QUEUED]: "queued",
  [RunStatus.RUNNING]: "running",
} as const satisfies Record<RunStatus, RunFilter["status"]>;

/** `ChatService.ListRuns` */
export function listRuns({ history }: RouteDeps): ServiceImpl<typeof ChatService>["listRuns"] {
  return async (request, context) => {
    const { runs, nextCursor = "" } = await history.list(filterOf(request), callerOf(context));
    return create(ListRunsResponseSchema, { runs: runs.map(toProtoRunSummary), nextCursor });
  };
}

function filterOf({ status, preset, since, before, limit, cursor }: ListRunsRequest): RunFilter {
  return {
    status: statuses[status],
    preset: preset === "" ? undefined : presetOf("preset", preset),
    since: since && timeOf("since", since),
    before: before && timeOf("before", before),
    limit: limit === 0 ? defaultLimit : limit,
    cursor: cursor === "" ? undefined : cursor,
  };
}

const timeOf = (param: string, time: Timestamp): number => momentOf(param, timestampMs(time));
