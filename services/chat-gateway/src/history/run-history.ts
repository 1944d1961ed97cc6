import { SynodError } from "@synod/rpc";
import {
  CursorError,
  type LoggedEvent,
  type RunPage,
  type RunQuery,
  type RunStatus,
  type RunStore,
  type RunSummary,
  StorageError,
  type TailOptions,
} from "@synod/run-store";
import type { Caller } from "../caller.js";
import { invalid } from "../failure.js";
import { dataLoss, type RunView, viewOf } from "./run-view.js";

/** Which runs are wanted. What is unset chooses nothing. */
export interface RunFilter extends Omit<RunQuery, "owner" | "status"> {
  readonly status?: RunStatus | "queued" | undefined;
}

/**
 * The runs that are kept, each for its owner alone.
 *
 * @throws SynodError everywhere: `run_not_found` for a run that is unknown, was deleted, or belongs to another;
 * `data_loss` for one that is damaged; `storage_unavailable` when nothing can be read.
 */
export interface RunHistory {
  /** How a run stands. */
  about(runId: string, caller: Caller): Promise<RunSummary>;
  /** A run with everything. */
  find(runId: string, caller: Caller): Promise<RunView>;
  /** Runs, the newest first. Also throws `invalid_value` for a cursor that no page has given. */
  list(filter: RunFilter, caller: Caller): Promise<RunPage>;
  /** Asks for the end of a run, if it goes on. It ends a moment later, so that it may still go on in what is returned. */
  cancel(runId: string, caller: Caller): Promise<RunView>;
  /** The events of a run as they come, whoever asks: see `about` first. As `RunStore.tail`. */
  tail(runId: string, options: TailOptions): AsyncGenerator<LoggedEvent>;
}

/** Makes the history of a store. */
export function createRunHistory(store: RunStore): RunHistory {
  async function view(runId: string, { owner }: Caller): Promise<RunView> {
    return viewOf(there(await store.find(there(idOf(runId)), owner)));
  }

  return {
    about: (runId, { owner }) => told(async () => there(await store.about(there(idOf(runId)), owner))),
    find: (runId, caller) => told(() => view(runId, caller)),
    list: ({ status, ...filter }, { owner }) =>
      told(async () => {
        // There are none yet: runs begin at once.
        if (status === "queued") return { runs: [], nextCursor: undefined };
        return await store.list({ ...filter, status, owner });
      }),
    cancel: (runId, caller) =>
      told(async () => {
        await store.cancel(there(idOf(runId)), caller.owner);
        return await view(runId, caller);
      }),
    async *tail(runId, options) {
      try {
        yield* store.tail(runId, options);
      } catch (error) {
        throw tellable(error);
      }
    },
  };
}

/** An id that a run can have. No database is asked for another: it may hold what no database takes. */
const idOf = (runId: string): string | undefined => (/^[\w-]{1,128}$/.test(runId) ? runId : undefined);

function there<T>(found: T | undefined): T {
  if (found !== undefined) return found;
  throw new SynodError({ reason: "run_not_found", message: "There is no such run." });
}

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw tellable(error);
  }
}

/** What a caller is told of an error of the store. It does not learn where things are kept. */
function tellable(error: unknown): unknown {
  if (error instanceof CursorError) return invalid("cursor", "cursor must be the `next_cursor` of a list.");
  if (!(error instanceof StorageError) || error.problem === "defect") return error;
  if (error.problem === "unreadable" || error.problem === "broken") return dataLoss(error);
  const message = "What Synod keeps cannot be used at the moment. Ask again soon.";
  return new SynodError(
    { reason: "storage_unavailable", message, retryable: error.problem !== "newer" },
    { cause: error },
  );
}
