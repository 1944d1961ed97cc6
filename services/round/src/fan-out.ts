import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  newRound,
  type RoundHappening,
  type RoundRules,
  type RoundStop,
  roundStep,
  unknownUsage,
} from "@synod/consensus";
import type { Completion } from "@synod/contracts/provider";
import { type RunRoundResponse, RunRoundResponseSchema } from "@synod/contracts/round";
import {
  contentOfProtoCompletion,
  toMilliseconds,
  toProtoFailure,
  toProtoRoundStop,
  toProtoUsage,
  toProtoVoter,
} from "@synod/mapping";
import { failureOf, spentOf } from "@synod/rpc";
import type { CostOf } from "./estimate.js";
import { Mailbox } from "./mailbox.js";
import type { Seat } from "./panel.js";

/** A round that is to be asked. */
export interface FanOutOptions {
  readonly seats: readonly Seat[];
  readonly rules: RoundRules;
  /** Milliseconds to wait for the others once the quorum is in; `Infinity` waits for all. */
  readonly graceMs: number;
  /** Fires when the caller leaves and when the deadline passes. It may fire after the end too. */
  readonly signal: AbortSignal;
  /** Asks for one answer. The signal fires when it is not wanted any more. */
  readonly ask: (seat: Seat, signal: AbortSignal) => Promise<Completion>;
  /** What an answer that is cancelled costs at most. */
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
export type RoundNews = Exclude<RunRoundResponse["event"], { case: undefined }>;
type RoundNewsInit = NonNullable<MessageInitShape<typeof RunRoundResponseSchema>["event"]>;

interface Call {
  readonly controller: AbortController;
  readonly startedMs: number;
}

// Timers hold 31 bits of milliseconds, and fire at once beyond.
const longestTimerMs = 2 ** 31 - 1;

/**
 * Asks every seat at once and tells what happens as it happens, `ended` last.
 *
 * Everything is decided when it happens, not when it is read, and clean-up hangs on the signal: a slow reader, or one
 * that is gone, neither delays the end of the round nor keeps a paid call open.
 */
export class FanOut {
  readonly #options: FanOutOptions;
  readonly #mailbox = new Mailbox<RunRoundResponse>();
  readonly #outstanding = new Map<Seat, Call>();
  #progress = newRound;
  #grace: NodeJS.Timeout | undefined;

  constructor(options: FanOutOptions) {
    this.#options = options;
  }

  /**
   * Asks, and reads what happens. To be called once. Nothing is asked when the signal has fired before.
   *
   * @throws The signal's reason when it fires before the end.
   */
  async *run(): AsyncGenerator<RunRoundResponse, void, undefined> {
    const { signal, seats } = this.#options;
    signal.throwIfAborted();
    signal.addEventListener("abort", this.#leave);
    for (const seat of seats) this.#ask(seat).catch((defect: unknown) => this.#break(defect));
    try {
      yield* this.#mailbox.read();
    } finally {
      this.#release();
    }
  }

  async #ask(seat: Seat): Promise<void> {
    const call: Call = { controller: new AbortController(), startedMs: performance.now() };
    this.#outstanding.set(seat, call);
    const result = await this.#options.ask(seat, call.controller.signal).then(
      (completion) => ({ completion }),
      (error: unknown) => ({ error }),
    );
    // Not there any more: the round ended meanwhile, and this answer was cancelled or nobody is left to hear it.
    if (!this.#outstanding.delete(seat)) return;
    if ("completion" in result) this.#answered(seat, result.completion);
    else this.#failed(seat, call, result.error);
  }

  #answered({ voter }: Seat, completion: Completion): void {
    this.#tell({ case: "answered", value: { voter: toProtoVoter(voter), completion } });
    this.#step({ type: "answered", voter, completion: contentOfProtoCompletion(completion) });
  }

  #failed({ voter }: Seat, call: Call, error: unknown): void {
    const failure = toProtoFailure(failureOf(error));
    const { usage, attempts } = spentOf(error);
    this.#tell({
      case: "failed",
      value: { voter: toProtoVoter(voter), failure, latencyMs: latencyOf(call), usage, attempts },
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
      case "stop":
        return this.#stop(decision.stop);
      default:
        return decision satisfies never;
    }
  }

  #startGrace(): void {
    const { graceMs } = this.#options;
    if (graceMs === Infinity) return;
    this.#grace = setTimeout(
      () => {
        try {
          this.#step({ type: "grace_over" });
        } catch (defect) {
          this.#break(defect);
        }
      },
      Math.min(graceMs, longestTimerMs),
    );
  }

  #stop(stop: RoundStop): void {
    const cancelled = [...this.#outstanding];
    this.#release();
    for (const [seat, call] of cancelled) {
      const { voter } = seat;
      // The provider gateway cannot say any more what it did cost.
      const usage = this.#options.costOf(seat) ?? toProtoUsage(unknownUsage);
      const value = { voter: toProtoVoter(voter), latencyMs: latencyOf(call), usage };
      this.#tell({ case: "cancelled", value });
    }
    const { usable } = this.#progress;
    const { quorum } = this.#options.rules;
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
    for (const { controller } of calls) controller.abort();
  }

  #tell(event: RoundNewsInit): void {
    const response = create(RunRoundResponseSchema, { event });
    if (response.event.case !== undefined) this.#options.watch.happened(response.event);
    this.#mailbox.push(response);
  }
}

function latencyOf(call: Call): bigint {
  return toMilliseconds(performance.now() - call.startedMs, "latency_ms");
}
