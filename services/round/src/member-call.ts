import { create } from "@bufbuild/protobuf";
import { addUsage, noUsage, type Spent, unknownUsage } from "@synod/consensus";
import { type Completion, type CompletionRequest, CompletionRequestSchema } from "@synod/contracts/provider";
import { fromProtoSpent, fromProtoUsage } from "@synod/mapping";
import { askInsteadOf, failureOf, spentOf } from "@synod/rpc";
import type { CostOf } from "./estimate.js";
import { after } from "./timer.js";
import { spentFor, withLost } from "./with-lost.js";

/** How a voter is asked. */
export interface MemberCallOptions {
  readonly question: CompletionRequest;
  /** Asks for one answer. The signal fires when it is not wanted any more. */
  readonly ask: (question: CompletionRequest, signal: AbortSignal) => Promise<Completion>;
  /** What a call that is cancelled costs at most. */
  readonly costOf: CostOf;
  /** Whether an answer has a vote. */
  readonly isUsable: (completion: Completion) => boolean;
  /** Milliseconds after which the first fallback is asked too. Undefined: never. */
  readonly hedgeAfterMs: number | undefined;
  /** Asks for the leave to hedge with a fallback, when it is time. */
  readonly mayHedge: (fallback: string) => boolean;
  /** Hears how long the member's own model took, or had when it lost. */
  readonly took: (latencyMs: number) => void;
}

/** What the calls for a voter came to. What those cost that do not count is in there. */
export type MemberResult =
  | { readonly completion: Completion; readonly hedgeWon: boolean }
  | { readonly error: unknown; readonly spent: Spent };

interface Call {
  readonly question: CompletionRequest;
  /** Whether the member's own model is asked. */
  readonly isOwn: boolean;
  readonly controller: AbortController;
  readonly startedMs: number;
}

interface Answer {
  readonly call: Call;
  readonly completion: Completion;
}

interface Failed {
  readonly call: Call;
  readonly error: unknown;
}

const nothing: Spent = { usage: noUsage, attempts: 0 };

/** The question to the first fallback of a question. Undefined when it has none. */
export function hedgeOf(question: CompletionRequest): CompletionRequest | undefined {
  return insteadOf(question, question.fallbacks);
}

/** The same question to the first of some models, with the others to fall back on. Undefined without one. */
function insteadOf(question: CompletionRequest, models: readonly string[]): CompletionRequest | undefined {
  const [model, ...fallbacks] = models;
  return model === undefined
    ? undefined
    : create(CompletionRequestSchema, { ...question, model, fallbacks, callerAsksFallbacks: false });
}

/**
 * The upstream calls for one voter: as a rule one.
 *
 * One that is hedged has a second when the first takes long; the first usable answer counts, and the other call is
 * cancelled at once. Its fallbacks are asked from here, since nobody else knows which of them are asked already; whether
 * they may be is still for the provider gateway to say.
 */
export class MemberCall {
  readonly startedMs = performance.now();
  readonly #options: MemberCallOptions;
  readonly #running = new Map<Call, Promise<Answer | Failed>>();
  readonly #answers: Answer[] = [];
  readonly #errors: unknown[] = [];
  #spent = nothing;
  /** Resolves when it is time to hedge. */
  #due: readonly Promise<"due">[] = [];
  #timer: NodeJS.Timeout | undefined;
  #hedged = false;
  #cancelled = false;

  constructor(options: MemberCallOptions) {
    this.#options = options;
  }

  /** Asks. To be called once; what comes of it after `cancel` means nothing. */
  async result(): Promise<MemberResult> {
    const { question, hedgeAfterMs } = this.#options;
    const callerAsksFallbacks = hedgeAfterMs !== undefined && question.fallbacks.length > 0;
    if (callerAsksFallbacks) this.#due = [this.#after(hedgeAfterMs)];
    const own = callerAsksFallbacks
      ? create(CompletionRequestSchema, { ...question, callerAsksFallbacks })
      : question;
    this.#begin(own, true);
    for (;;) {
      const next = await Promise.race([...this.#running.values(), ...this.#due]);
      const result = next === "due" ? this.#hedge() : this.#settled(next);
      if (result !== undefined) return result;
    }
  }

  /** Cancels what is outstanding. Returns what all calls cost at most. */
  cancel(): Spent {
    this.#cancelled = true;
    clearTimeout(this.#timer);
    for (const { controller, question } of this.#running.keys()) {
      controller.abort();
      const usage = this.#options.costOf(question);
      this.#spend({ usage: usage === undefined ? unknownUsage : fromProtoUsage(usage), attempts: 1 });
    }
    this.#running.clear();
    return this.#spent;
  }

  #begin(question: CompletionRequest, isOwn: boolean): void {
    const call: Call = { question, isOwn, controller: new AbortController(), startedMs: performance.now() };
    const settled = this.#options.ask(question, call.controller.signal).then(
      (completion) => ({ call, completion }),
      (error: unknown) => ({ call, error }),
    );
    this.#running.set(call, settled);
  }

  #after(milliseconds: number): Promise<"due"> {
    return new Promise((resolve) => {
      this.#timer = after(milliseconds, () => resolve("due"));
    });
  }

  #hedge(): undefined {
    this.#due = [];
    const fallback = hedgeOf(this.#options.question);
    if (fallback === undefined || this.#cancelled || !this.#options.mayHedge(fallback.model)) return;
    this.#hedged = true;
    this.#begin(fallback, false);
  }

  #settled(next: Answer | Failed): MemberResult | undefined {
    this.#running.delete(next.call);
    if ("error" in next) return this.#failed(next);
    this.#answers.push(next);
    const { call, completion } = next;
    if (call.isOwn && completion.attempts === 1) this.#options.took(performance.now() - call.startedMs);
    if (this.#options.isUsable(completion)) return this.#conclude(next);
    return this.#running.size === 0 ? this.#conclude(this.#ownAnswer(next)) : undefined;
  }

  #failed({ call, error }: Failed): MemberResult | undefined {
    this.#errors.push(error);
    this.#spend(fromProtoSpent(spentOf(error)) ?? nothing);
    if (this.#running.size > 0) return undefined;
    const [answer] = this.#answers;
    if (answer !== undefined) return this.#conclude(answer);
    const instead =
      this.#hedged || this.#cancelled ? undefined : insteadOf(call.question, askInsteadOf(error));
    clearTimeout(this.#timer);
    this.#due = [];
    if (instead === undefined) return { error: this.#worthTelling(), spent: this.#spent };
    this.#begin(instead, false);
    return undefined;
  }

  /** Answers with this one, and counts what the others cost. */
  #conclude({ call, completion }: Answer): MemberResult {
    for (const own of this.#running.keys())
      if (own.isOwn) this.#options.took(performance.now() - own.startedMs);
    for (const other of this.#answers) if (other.call !== call) this.#spend(spentFor(other.completion));
    const lost = this.cancel();
    const waitedMs = call.startedMs - this.startedMs;
    return { completion: withLost(completion, lost, waitedMs), hedgeWon: this.#hedged && !call.isOwn };
  }

  /** Of answers without a vote, that of the member's own model is told. */
  #ownAnswer(last: Answer): Answer {
    return this.#answers.find(({ call }) => call.isOwn) ?? last;
  }

  /** The first failure that may pass by itself, else the first. */
  #worthTelling(): unknown {
    return this.#errors.find((error) => failureOf(error).retryable) ?? this.#errors[0];
  }

  #spend({ usage, attempts }: Spent): void {
    this.#spent = { usage: addUsage(this.#spent.usage, usage), attempts: this.#spent.attempts + attempts };
  }
}
