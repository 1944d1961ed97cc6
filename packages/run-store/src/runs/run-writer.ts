import type { RunEvent } from "@synod/consensus";
import type { Clock } from "../clock.js";
import { number, onlyRow } from "../database/row.js";
import type { DropReason, StoreEvents } from "../events.js";
import { canPass } from "../storage-error.js";
import { type Entry, type LiveRun, newLiveRun } from "./live-run.js";
import { nextProgress } from "./log-place.js";
import type { LoggedEvent, NewRun, RunLog } from "./run-store.js";
import { textSize } from "./text-size.js";
import { writeEntries, type WriteDeps } from "./write-entries.js";

/** How much may wait to be stored. */
export interface WriterLimits {
  /** Events. 20,000 when unset. */
  readonly maxEvents?: number;
  /** Length of all their texts, in UTF-16 units. 64 Mi when unset. */
  readonly maxText?: number;
}

/** What storing runs needs. */
export interface WriterDeps extends WriteDeps {
  readonly clock: Clock;
  readonly events: StoreEvents;
}

/** How long events of runs that are not durable gather, in milliseconds. */
const gatherMs = 100;
/** The longest pause between two attempts, in milliseconds. */
const maxPauseMs = 5_000;
/** How many events one transaction stores, beside those that somebody waits for. */
const maxBatch = 500;

/**
 * Stores the events of the runs that this process carries out, many at once.
 *
 * Those of a durable run are stored at once, and whoever appends them waits. The others gather for 100 ms and nobody
 * waits; while storing fails they wait for better times, and when too many wait, the newest run is dropped from the
 * history, and reported. No run is stored with a gap.
 */
export class RunWriter implements AsyncDisposable {
  readonly #deps: WriterDeps;
  readonly #maxEvents: number;
  readonly #maxText: number;
  readonly #lives = new Map<string, LiveRun>();
  #ahead: Entry[] = [];
  #behind: Entry[] = [];
  /** The size of all that is behind. */
  #text = 0;
  /** How many attempts have failed in a row. */
  #failures = 0;
  #draining: Promise<void> | undefined;
  #stopTimer: (() => void) | undefined;

  constructor(deps: WriterDeps, { maxEvents = 20_000, maxText = 64 * 1024 * 1024 }: WriterLimits = {}) {
    this.#deps = deps;
    this.#maxEvents = maxEvents;
    this.#maxText = maxText;
  }

  /** Begins the log of a run. */
  begin(run: NewRun): RunLog {
    const live = newLiveRun(run);
    return { append: async (event) => this.#append(live, event), cancelled: live.cancel.signal };
  }

  /** Whether this process carries out a run. */
  get isBusy(): boolean {
    return this.#lives.size > 0;
  }

  /** Tells a run of this process that its end is asked for. False when it carries out no such run. */
  cancel(runId: string): boolean {
    const live = this.#lives.get(runId);
    live?.cancel.abort();
    return live !== undefined;
  }

  /** Resolves when all that was appended is stored; at once while storing fails: it is tried again in its own time. */
  async flush(): Promise<void> {
    if (this.#draining !== undefined || (this.#hasEntries() && this.#failures === 0)) await this.#drain();
  }

  /** Stores what waits. What cannot be stored is lost, and reported. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#draining !== undefined || this.#hasEntries()) await this.#drain();
    this.#stopTimer?.();
    const left = new Set(this.#behind.map(({ live }) => live));
    for (const live of left) if (!live.dropped) this.#deps.events.runDropped(live.run.runId, "stopping");
  }

  #append(live: LiveRun, event: RunEvent): LoggedEvent | Promise<LoggedEvent> {
    const { runId, durable, request = "" } = live.run;
    const progress = nextProgress(runId, live.progress, event);
    const timeMs = this.#deps.clock.now();
    const isFirst = event.type === "run_started";
    if (isFirst) this.#lives.set(runId, live);
    const size = textSize(event) + (isFirst ? request.length : 0);
    if (durable === true && !live.dropped) return this.#storeNow(live, progress, { timeMs, event, size });

    live.progress = progress;
    if (!live.dropped && this.#isFull(size)) this.#drop(live, "full");
    const seq = ++live.seq;
    if (!live.dropped) this.#wait({ live, timeMs, event, seq, size });
    return { seq, timeMs, event };
  }

  #storeNow(
    live: LiveRun,
    progress: LiveRun["progress"],
    { timeMs, event, size }: { timeMs: number; event: RunEvent; size: number },
  ): Promise<LoggedEvent> {
    return new Promise((resolve, reject) => {
      const stored = (seq: number): void => {
        live.progress = progress;
        resolve({ seq, timeMs, event });
      };
      this.#ahead.push({ live, timeMs, event, seq: 0, size, waiting: { stored, failed: reject } });
      void this.#drain();
    });
  }

  #isFull(size: number): boolean {
    return this.#behind.length >= this.#maxEvents || this.#text + size > this.#maxText;
  }

  #wait(entry: Entry): void {
    this.#behind.push(entry);
    this.#text += entry.size;
    this.#arm();
  }

  /** Stores no more of a run, and notes that where a part of it is stored. */
  #drop(live: LiveRun, reason: DropReason, error?: unknown): void {
    live.dropped = true;
    this.#deps.events.runDropped(live.run.runId, reason, error);
    this.#note(live);
  }

  /** Has it noted that no more of a run follows. */
  #note(live: LiveRun): void {
    this.#lives.delete(live.run.runId);
    this.#wait({ live, timeMs: this.#deps.clock.now(), event: undefined, seq: 0, size: 0 });
  }

  #arm(): void {
    const pauseMs = Math.min(maxPauseMs, gatherMs * 2 ** this.#failures);
    this.#stopTimer ??= this.#deps.clock.after(pauseMs, () => {
      this.#stopTimer = undefined;
      if (this.#hasEntries()) void this.#drain();
    });
  }

  #hasEntries(): boolean {
    return this.#ahead.length + this.#behind.length > 0;
  }

  #drain(): Promise<void> {
    this.#draining ??= this.#storeAll();
    return this.#draining;
  }

  async #storeAll(): Promise<void> {
    while (this.#hasEntries()) {
      const ahead = this.#ahead.splice(0);
      const behind = this.#behind.splice(0, maxBatch);
      for (const { size } of behind) this.#text -= size;
      const failure = await this.#store([...ahead, ...behind]);
      this.#failures = failure === undefined ? 0 : this.#failures + 1;
      if (failure === undefined) continue;
      // Whoever waits shall hear of it now.
      this.#putOff(this.#ahead.splice(0), failure);
      break;
    }
    this.#draining = undefined;
    this.#deps.events.eventsWaiting(this.#behind.length);
    if (this.#behind.length > 0) this.#arm();
  }

  /** Stores entries, or puts them off while the database fails. Gives what it fails with. */
  async #store(entries: readonly Entry[]): Promise<unknown> {
    try {
      await this.#place(entries);
      await writeEntries(entries, this.#deps);
      for (const entry of entries) this.#stored(entry);
      return undefined;
    } catch (error) {
      if (canPass(error)) return this.#putOff(entries, error);
      return this.#storeApart(entries, error);
    }
  }

  /** Finds the run whose entries can never be stored, and goes on without it. */
  async #storeApart(entries: readonly Entry[], error: unknown): Promise<unknown> {
    const lives = [...new Set(entries.map(({ live }) => live))];
    const [live] = lives;
    if (lives.length === 1 && live !== undefined) {
      if (!live.dropped) this.#drop(live, "refused", error);
      for (const { waiting } of entries) waiting?.failed(error);
      return undefined;
    }
    let failure: unknown;
    for (const one of lives) {
      failure = (await this.#store(entries.filter((entry) => entry.live === one))) ?? failure;
    }
    return failure;
  }

  /** Gives entries the positions that they do not have yet. */
  async #place(entries: readonly Entry[]): Promise<void> {
    for (const entry of entries) {
      const { live, event, seq } = entry;
      if (event === undefined || seq > 0) continue;
      if (live.unsure) live.seq = await this.#lastStored(live.run.runId);
      live.unsure = false;
      entry.seq = ++live.seq;
    }
  }

  async #lastStored(runId: string): Promise<number> {
    const sql = "SELECT coalesce(max(seq), 0) AS seq FROM run_event WHERE run_id = $1";
    return number(onlyRow(await this.#deps.database.read(sql, runId)), "seq");
  }

  #stored({ live, event, seq, waiting }: Entry): void {
    if (event?.type === "run_finished") this.#lives.delete(live.run.runId);
    waiting?.stored(seq);
  }

  /**
   * What nobody waits for comes next again. Whoever waits is told; but an answer that is paid for goes out, and the end
   * of its run is stored later.
   */
  #putOff(entries: readonly Entry[], error: unknown): unknown {
    const again: Entry[] = [];
    for (const entry of entries) {
      const { live, event, waiting } = entry;
      if (waiting === undefined || event?.type === "run_finished") {
        again.push(entry);
        waiting?.stored(entry.seq || live.seq + 1);
        continue;
      }
      live.unsure = true;
      waiting.failed(error);
      if (event?.type === "run_started") this.#note(live);
    }
    for (const { size } of again) this.#text += size;
    this.#behind = [...again.map(withoutWaiting), ...this.#behind];
    return error;
  }
}

const withoutWaiting = ({ waiting: _, ...entry }: Entry): Entry => entry;
