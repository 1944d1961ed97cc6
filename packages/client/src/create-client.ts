import { ChatService } from "@synod/contracts/chat";
import { required } from "@synod/mapping";
import { type ChatAnswer, fromProtoAnswer } from "./answer.js";
import { createCalls } from "./calls.js";
import { type ChatEvent, type LoggedEvent, readChatEvent, readLoggedEvent } from "./events.js";
import { followRun } from "./follow-run.js";
import { leavable } from "./leavable.js";
import { type Model, readModel } from "./models.js";
import type { CallOptions, ClientOptions } from "./options.js";
import { type ChatRequest, toProtoQuestion } from "./question.js";
import { longestTimeoutMs } from "./repeat.js";
import { readRun, type Run, type RunFilter, type RunPage, toProtoFilter } from "./runs.js";

/** From which event on the events of a run are read. */
export interface RunEventsOptions extends CallOptions {
  /** The last event that is known: only later ones come. Default: 0, all of them. */
  readonly afterSeq?: number;
}

/**
 * A client of Synod. Every call fails with a `SynodClientError` and no other error.
 *
 * What it iterates over is begun by the loop, and ends with it: leaving the loop early cancels the call.
 */
export interface SynodClient {
  /** Asks a panel, or one model, and gives the whole answer. */
  chat(request: ChatRequest, call?: CallOptions): Promise<ChatAnswer>;
  /** The same, with the answer's text and the run's events as they come. */
  streamChat(request: ChatRequest, call?: CallOptions): AsyncIterableIterator<ChatEvent, undefined>;
  /** What can be asked: presets first, then the providers' models. */
  listModels(call?: CallOptions): Promise<readonly Model[]>;
  /** A run as it stands now. `run_not_found` for one that is unknown, was deleted, or is another caller's. */
  getRun(runId: string, call?: CallOptions): Promise<Run>;
  /** A page of the caller's runs, the newest first. */
  listRuns(filter?: RunFilter, call?: CallOptions): Promise<RunPage>;
  /** All of the caller's runs, the newest first. Pages are read as the loop needs them. */
  allRuns(filter?: RunFilter, call?: CallOptions): AsyncIterableIterator<Run, undefined>;
  /** Ends a run that is going on; it ends a moment later. Changes nothing when it is over. */
  cancelRun(runId: string, call?: CallOptions): Promise<Run>;
  /**
   * The events of a run, those that are there and then those that come, to its end. When the connection breaks they go on
   * with the next one.
   */
  runEvents(runId: string, options?: RunEventsOptions): AsyncIterableIterator<LoggedEvent, undefined>;
}

/**
 * Makes a client of Synod. It needs no end: it holds no connection of its own.
 *
 * @throws SynodClientError `invalid_value` for an address or a key that cannot be used.
 */
export function createSynodClient(options: ClientOptions): SynodClient {
  const { unary, stream } = createCalls(options);
  const { method } = ChatService;

  const client: SynodClient = {
    chat: async (request, call) => unary(method.chat, toProtoQuestion(request), call, fromProtoAnswer),
    streamChat(request, call) {
      return leavable(async function* (signal) {
        const chat = toProtoQuestion(request);
        for await (const event of stream(method.streamChat, { chat }, call, signal, readChatEvent)) {
          if (event !== undefined) yield event;
        }
      }, call?.signal);
    },
    listModels: (call) => unary(method.listModels, {}, call, ({ models }) => models.map(readModel)),
    getRun: (runId, call) =>
      unary(method.getRun, { runId }, call, ({ run }) => readRun(required(run, "run"))),
    listRuns: (filter = {}, call) =>
      unary(method.listRuns, toProtoFilter(filter), call, ({ runs, nextCursor }) => ({
        runs: runs.map(readRun),
        nextCursor: nextCursor === "" ? null : nextCursor,
      })),
    allRuns(filter = {}, call) {
      return leavable(async function* (signal) {
        for (let cursor = filter.cursor; ;) {
          const page = await client.listRuns(
            { ...filter, ...(cursor !== undefined && { cursor }) },
            { ...call, signal },
          );
          yield* page.runs;
          if (page.nextCursor === null) return;
          cursor = page.nextCursor;
        }
      }, call?.signal);
    },
    cancelRun: (runId, call) =>
      unary(method.cancelRun, { runId }, call, ({ run }) => readRun(required(run, "run"))),
    runEvents(runId, { afterSeq = 0, timeoutMs = longestTimeoutMs, ...call } = {}) {
      return leavable((signal) => {
        const endMs = performance.now() + timeoutMs;
        const open = (seq: number) => {
          const left = { ...call, timeoutMs: Math.max(1, endMs - performance.now()) };
          return stream(method.streamRunEvents, { runId, afterSeq: seq }, left, signal, ({ event }) =>
            readLoggedEvent(required(event, "event")),
          );
        };
        return followRun({ afterSeq, signal, open });
      }, call.signal);
    },
  };
  return client;
}
