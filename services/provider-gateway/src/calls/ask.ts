import { durationMs } from "@bufbuild/protobuf/wkt";
import type { CompletionRequest } from "@synod/contracts/provider";
import type { Logger } from "@synod/telemetry";
import type { UpstreamTimers } from "../config.js";
import type { UpstreamEvents } from "../events.js";
import type { Provider } from "../providers/provider.js";
import {
  callerLeft,
  invalidRequest,
  type ProviderError,
  ProviderFailure,
} from "../providers/provider-error.js";
import { type Resolved, resolveTarget, type Target } from "../providers/target.js";
import type { Answer } from "./answer.js";
import { attempt, type AttemptContext } from "./attempt.js";
import { Tally } from "./tally.js";

/** What asking needs. */
export interface AskDeps {
  /** By id. */
  readonly providers: ReadonlyMap<string, Provider>;
  readonly timers: UpstreamTimers;
  readonly events: UpstreamEvents;
  readonly logger: Logger;
}

interface Failed {
  readonly target: Target | undefined;
  readonly error: ProviderError;
}

/**
 * Asks a model, and its fallbacks in order while nothing of an answer has come and the failure is one that another may
 * not have. Each target is asked once at most.
 *
 * @returns an answer whose first token has come, or that is whole.
 * @throws ProviderFailure
 */
export async function ask(deps: AskDeps, request: CompletionRequest, signal: AbortSignal): Promise<Answer> {
  const resolved = [request.model, ...request.fallbacks].map((id) => resolveTarget(id, deps.providers));
  const context = contextOf(deps, request, signal);
  const failures: Failed[] = [];
  for (const candidate of resolved) {
    if (signal.aborted) throw new ProviderFailure(callerLeft(), { spent: context.tally.spent });
    const last = failures.at(-1);
    if (last !== undefined && !mayFollow(candidate, last, context)) continue;
    if (last?.target !== undefined) deps.events.failovers.inc({ provider: last.target.provider.id });
    const failed = await askOne(candidate, request, context);
    if (!("error" in failed)) return failed;
    failures.push(failed);
    if (failed.error.failOver === "none") break;
  }
  throw new ProviderFailure(worthTelling(failures), { spent: context.tally.spent });
}

async function askOne(
  candidate: Resolved,
  request: CompletionRequest,
  context: AttemptContext,
): Promise<Answer | Failed> {
  if (candidate.kind === "failed") return { target: undefined, error: candidate.error };
  const { target } = candidate;
  const outcome = await attempt(target, request, context);
  return outcome.kind === "answering" ? outcome.answer : { target, error: outcome.error };
}

function mayFollow(candidate: Resolved, last: Failed, context: AttemptContext): boolean {
  if (performance.now() >= context.endsAt) return false;
  return (
    last.error.failOver === "any" ||
    last.target === undefined ||
    candidate.kind === "failed" ||
    candidate.target.provider !== last.target.provider
  );
}

/** The first failure that may pass by itself, else that of the model that was asked for. */
function worthTelling(failures: readonly Failed[]): ProviderError {
  const told = failures.find((failed) => failed.error.retryable) ?? failures[0];
  return (
    told?.error ?? { reason: "internal", message: "no model was asked", retryable: false, failOver: "none" }
  );
}

function contextOf(deps: AskDeps, request: CompletionRequest, signal: AbortSignal): AttemptContext {
  const totalMs = request.timeout === undefined ? deps.timers.totalMs : durationMs(request.timeout);
  if (!(totalMs > 0)) throw invalidRequest("timeout: must be above 0");
  const tally = new Tally();
  return {
    signal,
    timers: deps.timers,
    endsAt: tally.startedAt + totalMs,
    tally,
    events: deps.events,
    logger: deps.logger,
  };
}
