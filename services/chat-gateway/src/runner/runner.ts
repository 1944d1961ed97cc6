import { randomUUID } from "node:crypto";
import type { Message, RunSpec } from "@synod/consensus";
import { failureOf } from "@synod/rpc";
import type { NewRun } from "@synod/run-store";
import { noTracer, type Span, type TraceContext, type Tracer } from "@synod/telemetry";
import type { Caller } from "../caller.js";
import { stopping } from "../given-up.js";
import { notKept } from "../not-kept.js";
import { Execution, type ExecutionDeps } from "./execution.js";
import type { RunObserver } from "./observer.js";
import type { FinishedRun } from "./run-so-far.js";
import { noteRun, startRunSpan } from "./run-span.js";

/** A run that is wanted. */
export interface RunRequest {
  readonly spec: RunSpec;
  /** The caller's conversation, 1 message or more. */
  readonly messages: readonly Message[];
  /** Who wants it. */
  readonly caller: Caller;
  /** The id of the request that wants it. */
  readonly requestId: string;
  /** Where in a trace that request is. */
  readonly trace: TraceContext;
  /** Aborts when the caller leaves. */
  readonly signal: AbortSignal;
  /** For whom and how it is logged. A new id, for everyone and not durable, when unset. */
  readonly logged?: Partial<NewRun>;
}

/** Carries out runs. */
export interface Runner extends AsyncDisposable {
  /**
   * Carries out one run and resolves when it is over, whatever became of it. A caller that leaves ends it as
   * `cancelled`, and so do whoever cancels it in its log and the runner's disposal.
   *
   * @throws SynodError `overloaded` when too many runs are going on, `storage_unavailable` when runs cannot be kept,
   * and what `Accounts.open` throws where it is charged; nothing was asked then.
   */
  run(request: RunRequest, observer?: RunObserver): Promise<FinishedRun>;
}

/** What a runner needs. */
export interface RunnerDeps extends ExecutionDeps {
  /** Begins a span for each run. Nothing is traced when unset. */
  readonly tracer?: Tracer;
}

/** Makes a runner. Disposing it ends the runs that are going on and waits for them. */
export function createRunner({ tracer = noTracer, ...deps }: RunnerDeps): Runner {
  const running = new Map<Execution, Promise<unknown>>();

  async function carryOut(execution: Execution, request: RunRequest, span: Span): Promise<FinishedRun> {
    const begun = deps.clock.elapsed();
    try {
      const run = await execution.run();
      deps.events.runFinished(run, request, deps.clock.elapsed() - begun);
      noteRun(span, run);
      return run;
    } catch (error) {
      const told = notKept(error) ?? error;
      span.fail(failureOf(told).reason);
      throw told;
    } finally {
      span.end();
    }
  }

  return {
    run(request, observer = {}) {
      const runId = request.logged?.runId ?? randomUUID();
      const span = startRunSpan(tracer, runId, request);
      const execution = new Execution(runId, { ...request, trace: span.context }, observer, deps);
      const run = carryOut(execution, request, span);
      running.set(execution, run);
      const forget = (): void => void running.delete(execution);
      run.then(forget, forget);
      return run;
    },
    async [Symbol.asyncDispose]() {
      for (const execution of running.keys()) execution.giveUp(stopping);
      await Promise.allSettled(running.values());
    },
  };
}
