import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  isUsable,
  newRound,
  type RoundHappening,
  type RoundRules,
  type RoundStop,
  roundStep,
  type RunSpec,
  type Spent,
} from "@synod/consensus";
import type { Completion, CompletionRequest } from "@synod/contracts/provider";
import { type RunRoundResponse, RunRoundResponseSchema } from "@synod/contracts/round";
import {
  contentOfProtoCompletion,
  toMilliseconds,
  toProtoFailure,
  toProtoRoundStop,
  toProtoUsage,
  toProtoVoter,
} from "@synod/mapping";
import { failureOf } from "@synod/rpc";
import type { CostOf } from "./estimate.js";
import type { Hedging } from "./hedging/hedging.js";
import { MemberCall } from "./member-call.js";
import { Mailbox } from "./mailbox.js";
import type { Seat } from "./panel.js";
import { after } from "./timer.js";

/** A round that is to be asked. */
export interface FanOutOptions {
  readonly seats: readonly Seat[];
  readonly rules: RoundRules;
  /** Milliseconds to wait for the others once the quorum is in; `Infinity` waits for all. */
  readonly graceMs: number;
  /** When the first fallback of a member is asked too: see `RunSpec`. */
  readonly hedge: RunSpec["hedgeAfterMs"];
  readonly hedging: Hedging;
  /** Fires when the caller leaves and when the deadline passes. It may fire after the end too. */
  readonly signal: AbortSignal;
  /** Asks for one answer, and hands on what is written of it. The signal fires when it is not wanted any more. */
  readonly ask: (
    question: CompletionRequest,
    signal: AbortSignal,
    write: (text: string) => void,
  ) => Promise<Completion>;
  /** What a call that is cancelled costs at most. */
  readonly costOf: CostOf;
  /** Hears of everything when it happens, read or not. */
  readonly watch: RoundWatch;
}

/** Hears of what happens in a round. */
export interface RoundWatch {
  readonly happened: (news: RoundNews) => void;
  /** The signal fired before the end. */
  readonly left: () => void;
}

/** Something that happened in a round. */
export type RoundNews = Exclude<RunRoundResponse["event"], { case: undefined | "delta" }>;
type RoundNewsInit = Exclude<
  NonNullable<MessageInitShape<typeof RunRoundResponseSchema>["event"]>,
  { case: "delta" }
>;

/**
 * Asks every seat at once, or some of them first, and tells what happens as it happens, `ended` last.
 *
 * Everything is decided when it happens, not when it is read, and clean-up hangs on the signal: a slow reader, or one
 * that is gone, neither delays the end of the round nor keeps a paid call open.
 */
export class FanOut {
  readonly #options: FanOutOptions;
  readonly #mailbox = new Mailbox<RunRoundResponse>();
  readonly #outstanding = new Map<Seat, MemberCall>();
  /** Members whose fallback was asked too. */
  readonly #hedged = new Set<number>();
  #progress = newRound;
  #grace: NodeJS.Timeout | undefined;
  #startedMs = 0;
  /** When the grace may begin: those who are asked later may take as long as those who were asked first. */
  #graceFromMs = 0;

  constructor(options: FanOutOptions) {
    this.#options = options;
  }

  /**
   * Asks, and reads what happens. To be called once. Nothing is asked when the signal has fired before.
   *
   * @throws The signal's reason when it fires before the end.
   */
  async *run(): AsyncGenerator<RunRoundResponse, void, undefined> {
    const { signal, seats, rules } = this.#options;
    signal.throwIfAborted();
    signal.addEventListener("abort", this.#leave);
    this.#startedMs = performance.now();
    this.#askAll(seats.slice(0, rules.first));
    try {
      yield* this.#mailbox.read();
    } finally {
      this.#release();
    }
  }

  #askAll(seats: readonly Seat[]): void {
    for (const seat of seats) this.#ask(seat).catch((defect: unknown) => this.#break(defect));
  }

  async #ask(seat: Seat): Promise<void> {
    const call = this.#callOf(seat);
    this.#outstanding.set(seat, call);
    const result = await call.result();
    // Not there any more: the round ended meanwhile, and this answer was cancelled or nobody is left to hear it.
    if (!this.#outstanding.delete(seat)) return;
    if ("completion" in result) this.#answered(seat, result.completion, result.hedgeWon);
    else this.#failed(seat, call, result.error, result.spent);
  }

  #callOf(seat: Seat): MemberCall {
    const { ask, costOf, hedge, hedging, rules } = this.#options;
    const { question } = seat;
    hedging.called();
    return new MemberCall({
      question,
      ask: (asked, signal) => ask(asked, signal, (text) => this.#write(seat, asked.model, text)),
      costOf,
      isUsable: (completion) =>
        isUsable(contentOfProtoCompletion(completion), rules.answerFormat, rules.tools),
      hedgeAfterMs: hedging.afterMs(hedge, question.model),
      mayHedge: (fallback) => this.#mayHedge(seat, fallback),
      took: (latencyMs) => hedging.took(question.model, latencyMs),
    });
  }

  #mayHedge({ voter }: Seat, model: string): boolean {
    if (this.#hedged.has(voter.member) || !this.#options.hedging.take()) return false;
    this.#hedged.add(voter.member);
    this.#tell({ case: "hedged", value: { voter: toProtoVoter(voter), model } });
    return true;
  }

  #write(seat: Seat, model: string, text: string): void {
    if (!this.#outstanding.has(seat)) return;
    const { member, sample } = seat.voter;
    const last = this.#mailbox.last?.event;
    if (last?.case === "delta") {
      const { voter, ...said } = last.value;
      if (voter?.member === member && voter.sample === sample && said.model === model) {
        last.value.text += text;
        return;
      }
    }
    const value = { voter: toProtoVoter(seat.voter), model, text };
    this.#mailbox.push(create(RunRoundResponseSchema, { event: { case: "delta", value } }));
  }

  #answered({ voter }: Seat, completion: Completion, hedgeWon: boolean): void {
    this.#tell({ case: "answered", value: { voter: toProtoVoter(voter), completion, hedgeWon } });
    this.#step({ type: "answered", voter, completion: contentOfProtoCompletion(completion) });
  }

  #failed({ voter }: Seat, call: MemberCall, error: unknown, { usage, attempts }: Spent): void {
    this.#tell({
      case: "failed",
      value: {
        voter: toProtoVoter(voter),
        failure: toProtoFailure(failureOf(error)),
        latencyMs: latencyOf(call),
        usage: attempts === 0 ? undefined : toProtoUsage(usage),
        attempts,
      },
    });
    this.#step({ type: "failed", voter });
  }

  #step(happening: RoundHappening): void {
    const { progress, decision } = roundStep(this.#options.rules, this.#progress, happening);
    this.#progress = progress;
    switch (decision.type) {
      case "wait":
        return;
      case "start_grace":
        return this.#startGrace();
      case "ask_rest":
        return this.#askRest();
      case "stop":
        return this.#stop(decision.stop);
      default:
        return decision satisfies never;
    }
  }

  #askRest(): void {
    const { seats, rules } = this.#options;
    clearTimeout(this.#grace);
    const rest = seats.slice(rules.first);
    const now = performance.now();
    this.#graceFromMs = now + (now - this.#startedMs);
    this.#tell({ case: "restAsked", value: { voters: rest.length } });
    this.#askAll(rest);
    this.#step({ type: "rest_asked" });
  }

  #startGrace(): void {
    const { graceMs } = this.#options;
    if (graceMs === Infinity) return;
    this.#grace = after(graceMs + Math.max(0, this.#graceFromMs - performance.now()), () => {
      try {
        this.#step({ type: "grace_over" });
      } catch (defect) {
        this.#break(defect);
      }
    });
  }

  #stop(stop: RoundStop): void {
    // All are cancelled before anything is told.
    const cancelled = [...this.#outstanding].map(([seat, call]) => ({ seat, call, spent: call.cancel() }));
    this.#release();
    for (const { seat, call, spent } of cancelled) {
      const usage = toProtoUsage(spent.usage);
      const value = { voter: toProtoVoter(seat.voter), latencyMs: latencyOf(call), usage };
      this.#tell({ case: "cancelled", value: { ...value, attempts: spent.attempts } });
    }
    const { usable } = this.#progress;
    const quorum = stop === "agreed" ? this.#options.rules.first : this.#options.rules.quorum;
    this.#tell({ case: "ended", value: { stop: toProtoRoundStop(stop), usable, quorum } });
    this.#mailbox.close();
  }

  readonly #leave = (): void => {
    this.#options.watch.left();
    this.#break(this.#options.signal.reason);
  };

  #break(error: unknown): void {
    this.#release();
    this.#mailbox.fail(error);
  }

  #release(): void {
    clearTimeout(this.#grace);
    this.#options.signal.removeEventListener("abort", this.#leave);
    const calls = [...this.#outstanding.values()];
    this.#outstanding.clear();
    for (const call of calls) call.cancel();
  }

  #tell(event: RoundNewsInit): void {
    const response = create(RunRoundResponseSchema, { event });
    if (response.event.case !== undefined && response.event.case !== "delta")
      this.#options.watch.happened(response.event);
    this.#mailbox.push(response);
  }
}

function latencyOf(call: MemberCall): bigint {
  return toMilliseconds(performance.now() - call.startedMs, "latency_ms");
}
