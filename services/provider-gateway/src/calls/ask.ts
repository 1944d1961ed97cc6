import { durationMs } from "@bufbuild/protobuf/wkt";
import type { CompletionRequest } from "@synod/contracts/provider";
import type { Logger, TraceContext, Tracer } from "@synod/telemetry";
import type { UpstreamEvents } from "../events.js";
import type { ModelFacts } from "../models/model-facts.js";
import type { Provider } from "../providers/provider.js";
import {
  callerLeft,
  invalidRequest,
  type ProviderError,
  ProviderFailure,
  unrepeatable,
} from "../providers/provider-error.js";
import { type Resolved, resolveTarget, type Target } from "../providers/target.js";
import type { Answer } from "./answer.js";
import { type AskedBefore, askTarget } from "./ask-target.js";
import { type AskContext, leftOf } from "./context.js";
import { Tally } from "./tally.js";

/** What asking needs. */
export interface AskDeps {
  /** By id. */
  readonly providers: ReadonlyMap<string, Provider>;
  readonly facts: ModelFacts;
  readonly events: UpstreamEvents;
  readonly logger: Logger;
  readonly tracer: Tracer;
  /** At least 0, below 1. */
  readonly random: () => number;
}

/** Who asks, and until when. */
export interface Caller extends TraceContext {
  /** Fires when the caller leaves or the deadline passes. */
  readonly signal: AbortSignal;
  /** Milliseconds until the deadline; `Infinity` when there is none. */
  remainingMs(): number;
}

interface Candidate {
  /** The model's id as it was asked for. */
  readonly id: string;
  readonly resolved: Resolved;
  /** What it did before others were asked; undefined at first. */
  readonly before?: AskedBefore;
}

interface Failed extends AskedBefore {
  readonly target: Target | undefined;
  /** Whether it may be asked again once the others were. */
  readonly putOff: boolean;
}

/** How long a failure waits for what its calls really cost, in milliseconds. */
const settleMs = 250;

/**
 * Asks a model, and its fallbacks in order while nothing of an answer has come and the failure is one that another may
 * not have. A model whose limit is used up, or that cannot be reached, is asked again when nobody else is left.
 *
 * @returns an answer whose first token has come, or that is whole.
 * @throws ProviderFailure
 */
export async function ask(deps: AskDeps, request: CompletionRequest, caller: Caller): Promise<Answer> {
  const candidates: Candidate[] = [request.model, ...request.fallbacks].map((id) => ({
    id,
    resolved: resolveTarget(id, deps.providers),
  }));
  const context = contextOf(deps, request, caller, candidates);
  const failures: Failed[] = [];
  let askInstead: readonly string[] = [];
  for (let next = candidates.shift(); next !== undefined; next = candidates.shift()) {
    if (caller.signal.aborted) throw new ProviderFailure(callerLeft(), { spent: context.tally.spent });
    const last = failures.at(-1);
    if (last !== undefined && !mayFollow(next, last, context)) continue;
    if (last?.target !== undefined) deps.events.failovers.inc({ provider: last.target.provider.id });
    const failed = await askOne(next, request, candidates.length === 0, context);
    if (!("error" in failed)) return failed;
    failures.push(failed);
    if (failed.error.failOver === "none") break;
    if (failed.putOff && next.before === undefined) candidates.push({ ...next, before: failed });
    if (request.callerAsksFallbacks) askInstead = followersOf(failed, candidates, context);
    if (askInstead.length > 0) break;
  }
  await context.tally.settle(Math.min(settleMs, leftOf(context)));
  throw new ProviderFailure(worthTelling(failures), { spent: context.tally.spent, askInstead });
}

/** The first of the others that may be asked after a failure, and those behind it. */
function followersOf(last: Failed, candidates: readonly Candidate[], context: AskContext): readonly string[] {
  const others = candidates.filter(({ before }) => before === undefined);
  const first = others.findIndex((candidate) => mayFollow(candidate, last, context));
  return first < 0 ? [] : others.slice(first).map(({ id }) => id);
}

async function askOne(
  { resolved, before }: Candidate,
  request: CompletionRequest,
  patient: boolean,
  context: AskContext,
): Promise<Answer | Failed> {
  if (resolved.kind === "failed") {
    return { target: undefined, error: resolved.error, calls: 0, putOff: false };
  }
  const { target } = resolved;
  const outcome = await askTarget(target, request, { patient, before }, context);
  return outcome.kind === "answering" ? outcome.answer : { target, ...outcome };
}

function mayFollow({ resolved, before }: Candidate, last: Failed, context: AskContext): boolean {
  if (leftOf(context) === 0) return false;
  if (last.target === undefined || resolved.kind === "failed" || before !== undefined) return true;
  switch (last.error.failOver) {
    case "any":
      return true;
    case "other_provider":
      return resolved.target.provider !== last.target.provider;
    case "larger_context":
      return context.facts.isLarger(resolved.target, last.target);
    case "none":
      return false;
    default:
      return last.error.failOver satisfies never;
  }
}

/**
 * The first failure that may pass by itself, else that of the model that was asked for. Of several limits, the shortest
 * wait is told.
 */
function worthTelling(failures: readonly Failed[]): ProviderError {
  const errors = lastErrors(failures);
  const told = errors.find((error) => error.retryable) ?? errors[0];
  if (told === undefined) return { ...unrepeatable, reason: "internal", message: "no model was asked" };
  if (told.reason !== "rate_limit_exceeded") return told;
  const waits = errors.flatMap(({ reason, retryAfterMs = [] }) =>
    reason === told.reason ? retryAfterMs : [],
  );
  return waits.length === 0 ? told : { ...told, retryAfterMs: Math.min(...waits) };
}

/** In the order of the models; of one that was asked twice, the newer. */
function lastErrors(failures: readonly Failed[]): readonly ProviderError[] {
  return [...new Map(failures.map((failed) => [failed.target ?? failed, failed.error])).values()];
}

function contextOf(
  deps: AskDeps,
  request: CompletionRequest,
  caller: Caller,
  candidates: readonly Candidate[],
): AskContext {
  const { facts, events, logger, tracer, random } = deps;
  const totalMs = request.timeout === undefined ? usualTotalMs(candidates) : durationMs(request.timeout);
  if (!(totalMs > 0)) throw invalidRequest("timeout: must be above 0");
  const tally = new Tally();
  const endsAt = tally.startedAt + Math.min(totalMs, caller.remainingMs());
  return { signal: caller.signal, endsAt, tally, facts, events, logger, tracer, trace: caller, random };
}

/** That of the first model that can be asked. */
function usualTotalMs(candidates: readonly Candidate[]): number {
  const [asked] = candidates.flatMap(({ resolved }) => (resolved.kind === "target" ? [resolved.target] : []));
  if (asked === undefined) return Infinity;
  const { provider, model } = asked;
  return provider.timeoutsOf(model).totalMs;
}
