/** Streams to open and keep. */
export interface HoldPlan {
  /** Streams of one group are counted together. */
  readonly group: string;
  /** Where they come from. */
  readonly url: string;
  /** The model that is asked. */
  readonly model: string;
  readonly count: number;
  /** How many may wait for their first token at once. */
  readonly atOnce: number;
}

/** What came of the streams of a group so far. */
export interface Heard {
  /** With a first token and without an end. */
  readonly open: number;
  /** Events with a token, on all of them together. */
  readonly events: number;
  /** Ended as a stream must. */
  readonly ended: number;
  readonly failed: number;
  /** What went wrong first. */
  readonly firstFailure?: string;
}

/** Told what happens on one stream. */
export interface StreamListener {
  events(count: number): void;
  ended(): void;
  failed(error: unknown): void;
}

/** Opens one stream. It reports everything to the listener, and does not throw. */
export type OpenStream = (plan: HoldPlan, listener: StreamListener) => void;

/** Opens streams and keeps count of them. */
export interface Holder {
  hold(plan: HoldPlan): Promise<Heard>;
  heard(group: string): Heard;
}

type Tally = { -readonly [K in keyof Heard]: Heard[K] };

/** Makes a holder over a way to open streams. */
export function createHolder(open: OpenStream): Holder {
  const tallies = new Map<string, Tally>();
  const tallyOf = (group: string): Tally => {
    const tally = tallies.get(group) ?? { open: 0, events: 0, ended: 0, failed: 0 };
    tallies.set(group, tally);
    return tally;
  };
  return {
    async hold(plan) {
      const tally = tallyOf(plan.group);
      let left = plan.count;
      const lane = async (): Promise<void> => {
        while (left > 0) {
          left -= 1;
          await new Promise<void>((begun) => open(plan, listenerOf(tally, begun)));
        }
      };
      await Promise.all(Array.from({ length: Math.min(plan.atOnce, plan.count) }, lane));
      return tally;
    },
    heard: tallyOf,
  };
}

function listenerOf(tally: Tally, begun: () => void): StreamListener {
  let state: "waiting" | "open" | "over" = "waiting";
  const over = (): boolean => {
    if (state === "over") return false;
    if (state === "open") tally.open -= 1;
    else begun();
    state = "over";
    return true;
  };
  const failed = (error: unknown): void => {
    if (!over()) return;
    tally.failed += 1;
    tally.firstFailure ??= error instanceof Error ? error.message : String(error);
  };
  return {
    events(count) {
      tally.events += count;
      if (state !== "waiting" || count === 0) return;
      state = "open";
      tally.open += 1;
      begun();
    },
    ended() {
      if (state === "waiting") failed(new Error("ended without a token"));
      else if (over()) tally.ended += 1;
    },
    failed,
  };
}
