import type { RunEvent } from "@synod/consensus";
import { type Clock, systemClock } from "../clock.js";
import { Wakes } from "../database/wakes.js";
import { fromCursor, toCursor } from "./cursor.js";
import { type LogProgress, nextProgress } from "./log-place.js";
import {
  type LoggedEvent,
  type NewRun,
  type RunLog,
  RunLogError,
  type RunPage,
  type RunQuery,
  type RunStatus,
  type RunStore,
  RunStoreFullError,
  type RunSummary,
  type StoredRun,
  type TailOptions,
  type Twin,
} from "./run-store.js";
import { textSize } from "./text-size.js";

/** How much a run log in memory holds. Each limit is 1 or more. */
export interface MemoryRunStoreOptions {
  /** Runs, those that go on included. 2,000 when unset. */
  readonly maxRuns?: number;
  /** Events of all runs. 50,000 when unset. */
  readonly maxEvents?: number;
  /** Length of all texts of all events and requests, in UTF-16 units. 64 Mi when unset. */
  readonly maxText?: number;
  /** The machine's when unset. */
  readonly clock?: Clock;
}

interface Run {
  readonly about: NewRun;
  readonly preset: string;
  readonly log: LoggedEvent[];
  readonly startTimeMs: number;
  readonly cancel: AbortController;
  status: RunStatus;
  finishTimeMs: number | undefined;
  text: number;
}

/** How often a reader looks again without being told, in milliseconds. It is always told. */
const lookAgainMs = 60_000;

/**
 * Makes a run log that lives in memory and is lost with the process.
 *
 * When a limit is passed, the runs that finished first are dropped. A run that goes on is never dropped: when such runs
 * alone fill the log, new ones are refused.
 */
export function createMemoryRunStore(options: MemoryRunStoreOptions = {}): RunStore {
  return new MemoryRunStore(options);
}

class MemoryRunStore implements RunStore {
  readonly #limits: { readonly runs: number; readonly events: number; readonly text: number };
  readonly #clock: Clock;
  readonly #wakes: Wakes;
  readonly #runs = new Map<string, Run>();
  /** In the order in which they finished. */
  readonly #finished = new Set<Run>();
  #events = 0;
  #text = 0;

  constructor(options: MemoryRunStoreOptions) {
    const { maxRuns = 2_000, maxEvents = 50_000, maxText = 64 * 1024 * 1024, clock = systemClock } = options;
    this.#limits = { runs: maxRuns, events: maxEvents, text: maxText };
    this.#clock = clock;
    this.#wakes = new Wakes(clock, () => lookAgainMs);
  }

  begin(about: NewRun): RunLog {
    const cancel = new AbortController();
    let progress: LogProgress = "new";
    return {
      append: async (event) => {
        const next = nextProgress(about.runId, progress, event);
        const logged = this.#append(about, cancel, event);
        progress = next;
        return logged;
      },
      cancelled: cancel.signal,
    };
  }

  async read(runId: string): Promise<readonly LoggedEvent[]> {
    return this.#runs.get(runId)?.log.slice() ?? [];
  }

  async about(runId: string, owner?: string): Promise<RunSummary | undefined> {
    const run = this.#get(runId, owner);
    return run && summaryOf(run);
  }

  async find(runId: string, owner?: string): Promise<StoredRun | undefined> {
    const run = this.#get(runId, owner);
    return run && { ...summaryOf(run), request: run.about.request, log: run.log.slice() };
  }

  async list(query: RunQuery): Promise<RunPage> {
    const { limit, cursor } = query;
    const after = cursor === undefined ? undefined : fromCursor(cursor);
    const found = this.#newestFirst()
      .filter((run) => isWanted(run, query) && (after === undefined || isBefore(run, after)))
      .slice(0, limit + 1);
    const runs = found.slice(0, limit);
    const last = found.length > limit ? runs.at(-1) : undefined;
    return { runs, nextCursor: last && toCursor(last) };
  }

  async *tail(runId: string, { after = 0, signal }: TailOptions): AsyncGenerator<LoggedEvent> {
    using watch = this.#wakes.watch(runId);
    for (let seq = after; ;) {
      const run = this.#runs.get(runId);
      const goesOn = run?.status === "running"; // before its events are read, during which it may end
      for (const logged of run?.log.slice(seq) ?? []) {
        signal.throwIfAborted();
        yield logged;
        seq = logged.seq;
      }
      if (!goesOn) return;
      await watch.next(signal);
    }
  }

  async findTwin({ owner, requestHash, withinMs }: Twin): Promise<RunSummary | undefined> {
    const isTwin = ({ about, startTimeMs, status }: Run): boolean =>
      about.requestHash === requestHash &&
      (about.owner ?? "") === owner &&
      startTimeMs > this.#clock.now() - withinMs &&
      (status === "running" || status === "completed");
    const twin = [...this.#runs.values()].findLast(isTwin);
    return twin && summaryOf(twin);
  }

  async cancel(runId: string, owner?: string): Promise<boolean> {
    const run = this.#get(runId, owner);
    if (run?.status !== "running") return false;
    run.cancel.abort();
    return true;
  }

  #get(runId: string, owner?: string): Run | undefined {
    const run = this.#runs.get(runId);
    return run === undefined || (owner !== undefined && (run.about.owner ?? "") !== owner) ? undefined : run;
  }

  #newestFirst(): readonly RunSummary[] {
    return [...this.#runs.values()].map(summaryOf).toSorted((a, b) => (isBefore(b, a) ? -1 : 1));
  }

  #append(about: NewRun, cancel: AbortController, event: RunEvent): LoggedEvent {
    const run = this.#runs.get(about.runId);
    if (event.type === "run_started" && run === undefined) {
      return this.#start({ about, cancel, preset: event.spec.preset }, event);
    }
    if (event.type === "run_started" || run === undefined) {
      throw new RunLogError(`the run ${about.runId} is ${run === undefined ? "unknown" : "known already"}`);
    }
    return this.#write(run, event);
  }

  #start(head: Pick<Run, "about" | "cancel" | "preset">, event: RunEvent): LoggedEvent {
    const { runId, request = "" } = head.about;
    const text = request.length;
    const startTimeMs = this.#clock.now();
    const run: Run = { ...head, log: [], startTimeMs, status: "running", finishTimeMs: undefined, text };
    this.#runs.set(runId, run);
    this.#text += text;
    const logged = this.#write(run, event);
    if (!this.#isOver()) return logged;
    this.#delete(run);
    throw new RunStoreFullError();
  }

  #write(run: Run, event: RunEvent): LoggedEvent {
    const logged = { seq: run.log.length + 1, timeMs: this.#clock.now(), event };
    const size = textSize(event);
    run.log.push(logged);
    run.text += size;
    this.#events += 1;
    this.#text += size;
    if (event.type === "run_finished") {
      run.status = event.result.status;
      run.finishTimeMs = logged.timeMs;
      this.#finished.add(run);
    }
    this.#makeRoom();
    this.#wakes.wake(run.about.runId);
    return logged;
  }

  #isOver(): boolean {
    const { runs, events, text } = this.#limits;
    return this.#runs.size > runs || this.#events > events || this.#text > text;
  }

  #makeRoom(): void {
    for (const run of this.#finished) {
      if (!this.#isOver()) return;
      this.#delete(run);
    }
  }

  #delete(run: Run): void {
    this.#finished.delete(run);
    this.#runs.delete(run.about.runId);
    this.#events -= run.log.length;
    this.#text -= run.text;
  }
}

function summaryOf(run: Run): RunSummary {
  const { runId, owner = "", idempotencyKey } = run.about;
  const { preset, status, startTimeMs, finishTimeMs, log } = run;
  return {
    runId,
    owner,
    preset,
    status,
    incomplete: false,
    startTimeMs,
    finishTimeMs,
    events: log.length,
    idempotencyKey,
  };
}

function isWanted(run: RunSummary, query: RunQuery): boolean {
  return (
    (query.owner === undefined || run.owner === query.owner) &&
    (query.status === undefined || run.status === query.status) &&
    (query.preset === undefined || run.preset === query.preset) &&
    (query.since === undefined || run.startTimeMs >= query.since) &&
    (query.before === undefined || run.startTimeMs < query.before)
  );
}

/** Whether one run comes after another in a list, the newest first. */
function isBefore(run: Pick<RunSummary, "startTimeMs" | "runId">, other: typeof run): boolean {
  if (run.startTimeMs !== other.startTimeMs) return run.startTimeMs < other.startTimeMs;
  return run.runId < other.runId;
}
