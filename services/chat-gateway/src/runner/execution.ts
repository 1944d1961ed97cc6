import {
  type Failure,
  newRun,
  nextStep,
  type RunCommand,
  type RunEvent,
  type RunResult,
  type RunState,
} from "@synod/consensus";
import type { MemberDelta } from "@synod/mapping";
import { failureOf, outgoingOptions } from "@synod/rpc";
import type { RunLog, RunStore } from "@synod/run-store";
import type { Clock } from "../clock.js";
import type { ChatEvents } from "../events.js";
import { givenUpBy, runCancelled } from "../given-up.js";
import { aggregate } from "./aggregate.js";
import { askRound } from "./ask-round.js";
import { judge } from "./judge.js";
import { notKept } from "../not-kept.js";
import type { RunObserver } from "./observer.js";
import { type FinishedRun, runSoFar } from "./run-so-far.js";
import type { RunRequest } from "./runner.js";
import type { RunClients, Task } from "./task.js";

/** What a run is carried out with. */
export interface ExecutionDeps {
  readonly clients: RunClients;
  readonly store: RunStore;
  readonly clock: Clock;
  readonly events: ChatEvents;
}

/**
 * How much later than the run the calls made for it would end by themselves, in milliseconds. Each hop ends a little
 * before the one that calls it, and none of them may end before the run has: it knows best what is in hand then.
 */
const deadlineSlackMs = 250;

/** How long before its deadline a run of so many milliseconds concludes, so that the answer is out by then. */
const headStartMs = (deadlineMs: number): number => Math.min(150, deadlineMs / 10);

// One reason for all: one made per call would cost a stack trace each.
const movedOn = "the run has moved on";

/**
 * One run while it goes on.
 *
 * Events go through one queue: each is logged, then applied, and the commands that come of it are begun before the next
 * event is looked at. So the log always holds what a command was begun for, and folding it again gives the same run.
 */
export class Execution {
  readonly #events: RunEvent[] = [];
  /** When it concludes with what is in hand. */
  readonly #concludesAt: number;
  readonly #deadlineAt: number;
  #state: RunState = newRun;
  #queue: Promise<void> = Promise.resolve();
  #task: AbortController | undefined;
  #log: RunLog | undefined;
  #over = false;
  #deadlineSaid = false;
  #textSent = false;
  /** Whether a part of an answer has gone out whose rest is still to come. */
  #partSent = false;
  #startTimeMs = 0;
  #settle: { resolve: (result: RunResult) => void; reject: (error: unknown) => void } | undefined;

  constructor(
    readonly runId: string,
    private readonly request: RunRequest,
    private readonly observer: RunObserver,
    private readonly deps: ExecutionDeps,
  ) {
    const { deadlineMs } = request.spec;
    this.#deadlineAt = deps.clock.elapsed() + deadlineMs;
    this.#concludesAt = this.#deadlineAt - headStartMs(deadlineMs);
  }

  /** Carries out the run, once. */
  async run(): Promise<FinishedRun> {
    const { spec, messages, signal, logged } = this.request;
    const log = this.deps.store.begin({ ...logged, runId: this.runId });
    this.#log = log;
    const settled = new Promise<RunResult>((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    const leave = (): void => this.giveUp(givenUpBy(signal));
    const cancel = (): void => this.giveUp(runCancelled);
    const timeMs = this.#concludesAt - this.deps.clock.elapsed();
    const stopTimer = this.deps.clock.after(timeMs, () => void this.#sayDeadline());
    signal.addEventListener("abort", leave, { once: true });
    log.cancelled.addEventListener("abort", cancel, { once: true });
    try {
      void this.#post({ type: "run_started", spec, messages });
      if (signal.aborted) leave();
      const result = await settled;
      return { ...runSoFar(this.runId, this.#startTimeMs, this.#events), result };
    } finally {
      signal.removeEventListener("abort", leave);
      stopTimer();
      this.#task?.abort(movedOn);
    }
  }

  /** Ends the run before it is over. */
  giveUp(failure: Failure): void {
    void this.#post({ type: "caller_left", failure });
  }

  /** Queues an event. One that depends on what is before it in the queue is made when its turn comes. */
  #post(event: RunEvent | (() => RunEvent), task?: AbortController): Promise<void> {
    const take = (): Promise<void> => this.#take(typeof event === "function" ? event() : event, task);
    this.#queue = this.#queue.then(take).catch((error: unknown) => this.#break(error));
    return this.#queue;
  }

  async #take(event: RunEvent, task: AbortController | undefined): Promise<void> {
    if (this.#over || (task !== undefined && task !== this.#task)) return;
    const due: RunEvent[] = [event];
    for (let next = due.shift(); next !== undefined; next = due.shift()) {
      await this.#append(next);
      const step = nextStep(this.#state, next);
      this.#state = step.state;
      for (const command of step.commands) this.#begin(command, due);
      if (next.type === "aggregated") this.#partSent = false;
      if (next.type === "run_finished") this.#finish(next.result);
    }
  }

  async #append(event: RunEvent): Promise<void> {
    const logged = await this.#log?.append(event);
    if (logged === undefined) throw new Error("the run has no log yet");
    if (this.#events.push(event) === 1) this.#startTimeMs = logged.timeMs;
    try {
      this.observer.event?.(logged, this.runId);
    } catch (error) {
      this.#report(error);
    }
  }

  #begin(command: RunCommand, due: RunEvent[]): void {
    switch (command.type) {
      case "ask_round":
        return this.#start((task) => askRound(command, task));
      case "aggregate":
        return this.#start((task) => aggregate(command, task));
      case "judge":
        return this.#start((task) => judge(command, task));
      case "conclude": {
        const { round, outcome } = command;
        due.push({ type: "aggregated", round, outcome, aggregatorSkipped: true });
        return;
      }
      case "regenerate":
        due.push({ type: "regeneration_started", regeneration: command.regeneration });
        return;
      case "finish":
        due.push({ type: "run_finished", result: command.result });
        return;
      default:
        command satisfies never;
    }
  }

  #start(work: (task: Task) => Promise<void>): void {
    this.#task?.abort(movedOn);
    const controller = new AbortController();
    this.#task = controller;
    const task: Task = {
      spec: this.request.spec,
      messages: this.request.messages,
      clients: this.deps.clients,
      streams: this.observer.text !== undefined,
      signal: controller.signal,
      text: (piece) => {
        this.#partSent ||= piece !== "";
        return this.#text(piece, controller.signal);
      },
      wholeText: (answer) => (this.#textSent ? undefined : this.#text(answer, controller.signal)),
      memberText: this.observer.memberText && ((delta) => this.#memberText(delta, controller.signal)),
      events: this.#events,
      emit: (event) => this.#post(event, controller),
      callOptions: () => {
        const timeoutMs = Math.max(
          1,
          Math.ceil(this.#deadlineAt + deadlineSlackMs - this.deps.clock.elapsed()),
        );
        return outgoingOptions(
          { requestId: this.request.requestId, ...this.request.trace },
          { signal: controller.signal, timeoutMs },
        );
      },
      failureOf: (error) => this.#failureOf(error, controller.signal),
      elapsed: () => this.deps.clock.elapsed(),
    };
    void work(task).catch((error: unknown) => {
      this.#queue = this.#queue.then(() => this.#break(error));
    });
  }

  /** Hands a piece to the observer. What it throws is its own affair: the run is paid for. */
  #text(piece: string, signal: AbortSignal): void | Promise<void> {
    if (signal.aborted || piece === "") return undefined;
    this.#textSent = true;
    try {
      return this.observer.text?.(piece)?.catch((error: unknown) => this.#report(error));
    } catch (error) {
      return this.#report(error);
    }
  }

  #memberText(delta: MemberDelta, signal: AbortSignal): void {
    if (signal.aborted) return;
    try {
      this.observer.memberText?.(delta);
    } catch (error) {
      this.#report(error);
    }
  }

  async #failureOf(error: unknown, signal: AbortSignal): Promise<Failure | null> {
    if (signal.aborted) return null;
    const failure = failureOf(error);
    if (failure.reason === "internal") this.#report(error);
    const isEarly = this.deps.clock.elapsed() < this.#concludesAt - deadlineSlackMs;
    if (failure.reason !== "deadline_exceeded" || isEarly) return failure;
    await this.#sayDeadline();
    return null;
  }

  /** Says once that the deadline has passed: the timer and a call that ends by it may both notice. */
  async #sayDeadline(): Promise<void> {
    if (this.#deadlineSaid) return;
    this.#deadlineSaid = true;
    await this.#post(() => ({ type: "deadline_reached", textSent: this.#partSent }));
  }

  #finish(result: RunResult): void {
    this.#over = true;
    this.#task?.abort(movedOn);
    this.#settle?.resolve(result);
  }

  /**
   * Ends a run that cannot be carried on. One that has begun ends as failed in the log too: the log keeps runs that go
   * on for ever.
   */
  async #break(error: unknown): Promise<void> {
    if (this.#over) return this.#report(error);
    this.#over = true;
    this.#task?.abort(movedOn);
    if (this.#events.length === 0) {
      this.#settle?.reject(error);
      return;
    }
    this.#report(error);
    const result: RunResult = { status: "failed", failure: failureOf(notKept(error) ?? new Error("broken")) };
    try {
      await this.#append({ type: "run_finished", result });
      this.#settle?.resolve(result);
    } catch (logError) {
      this.#report(logError);
      this.#settle?.reject(error);
    }
  }

  #report(error: unknown): void {
    this.deps.events.defect(error, this.request.requestId);
  }
}
