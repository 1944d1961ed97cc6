import type { PlayedFault } from "../faults/schedule.js";
import type { CallEntry } from "../ledger/entry.js";
import { benchReply, composeDraft, contentOf, paceOf } from "../minds/compose.js";
import { readBenchModel } from "../models/bench.js";
import type { Dialect } from "../wire/dialect.js";
import type { Draft } from "../wire/draft.js";
import type { Plan } from "../wire/plan.js";
import { readRequest } from "../wire/request.js";
import type { CompletionRequest } from "../wire/request.js";
import type { SimulatorContext } from "./context.js";

/** A completion call that was let in. */
export interface CompletionCall {
  readonly dialect: Dialect;
  readonly endpoint: "chat" | "completions";
  readonly body: unknown;
  readonly model: string;
  /** OpenRouter's `models`: tried in order after `model`. */
  readonly fallbacks: readonly string[];
  readonly stream: boolean;
  /** Whether the client wants `openrouter_metadata`. */
  readonly metadata: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What to send for a completion call: a refusal, or the reply with the fault worked in. */
export function completionPlan(
  context: SimulatorContext,
  call: CompletionCall,
  fault: PlayedFault | undefined,
  record: CallEntry,
): Plan {
  const { dialect, model, stream, now } = call;
  const faulty = { dialect, model, stream, now };
  const instead = fault?.effect.instead?.(faulty);
  if (instead !== undefined) return instead;
  const served = [model, ...call.fallbacks].find((id) => !context.catalogue.isMissing(id));
  if (served === undefined) return dialect.missingModel(model);
  const read = readRequest(call.body, served, call.endpoint);
  if ("problem" in read) return dialect.invalid(read.problem);
  const unsupported = dialect.unsupported(call.body, read.request);
  if (unsupported !== undefined) return unsupported;
  return reply(context, call, read.request, fault, record);
}

function reply(
  { mind, catalogue, settings }: SimulatorContext,
  call: CompletionCall,
  request: CompletionRequest,
  fault: PlayedFault | undefined,
  record: CallEntry,
): Plan {
  const { dialect, model, stream, now, metadata } = call;
  const bench = readBenchModel(request.model);
  const profile = catalogue.profile(request.model);
  const { latency, speed, seed } = settings;
  const pace = paceOf(profile, bench, { latency, speed, seed, call: record.id });
  const created = Math.floor(now / 1000);
  const content =
    bench === undefined ? contentOf(mind.reply(request, record.id), request) : benchReply(bench);
  const id = dialect.newId(created);
  const plain = composeDraft({
    id,
    created,
    request,
    requestedModel: model,
    profile,
    content,
    pace,
    metadata,
  });
  const faulty = { dialect, model, stream, now };
  const draft = fault?.effect.draft?.(plain, faulty) ?? plain;
  record.generated(generationOf(draft));
  const whole = pace.firstTokenMs + pace.perTokenMs * Math.max(0, (draft.tokens?.length ?? 0) - 1);
  const plan = stream ? dialect.stream(draft, pace) : dialect.unary(draft, whole);
  return fault?.effect.plan?.(plan, draft, faulty) ?? plan;
}

function generationOf({ id, usage, finishReason }: Draft) {
  const { promptTokens, completionTokens, promptCost, completionCost } = usage;
  return { id, promptTokens, completionTokens, costUsd: promptCost + completionCost, finishReason };
}
