import { create } from "@bufbuild/protobuf";
import { type Usage, UsageSchema } from "@synod/contracts/model";
import { type SpentUsage, SpentUsageSchema } from "@synod/contracts/provider";

/** Adds up what the upstream calls of one question cost, repeats and fallbacks included. */
export class Tally {
  /** On the clock of `performance.now()`. */
  readonly startedAt = performance.now();
  #attempts = 0;
  #usage: Usage = create(UsageSchema, { costUsdNanos: 0n });
  /** Calls whose real cost is being asked for, with what is assumed meanwhile. */
  readonly #open = new Map<Promise<Usage>, Usage>();

  /** An upstream call starts. */
  started(): void {
    this.#attempts += 1;
  }

  /** An upstream call is over. Where what it really cost is being asked for, `usage` counts until that is known. */
  settled(usage: Usage, known: Promise<Usage> | null = null): void {
    if (known === null) {
      this.#usage = sumOf(this.#usage, usage);
      return;
    }
    this.#open.set(known, usage);
    void known.then((real) => {
      this.#open.delete(known);
      this.settled(real);
    });
  }

  /** Waits until every cost is known, so many milliseconds at most. */
  async settle(maxMs: number): Promise<void> {
    if (this.#open.size === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, maxMs);
    });
    await Promise.race([Promise.all(this.#open.keys()), late]);
    clearTimeout(timer);
  }

  /** Upstream calls started. */
  get attempts(): number {
    return this.#attempts;
  }

  /** What all calls that are over used and cost. */
  get usage(): Usage {
    return [...this.#open.values()].reduce(sumOf, this.#usage);
  }

  /** What a question cost that gets no answer. */
  get spent(): SpentUsage {
    if (this.#attempts === 0) return create(SpentUsageSchema);
    return create(SpentUsageSchema, { usage: this.usage, attempts: this.#attempts });
  }
}

/** The sum of two usages. Its cost is unset when one of them is. */
function sumOf(a: Usage, b: Usage): Usage {
  const [one, other] = [a.costUsdNanos, b.costUsdNanos];
  return create(UsageSchema, {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cachedInputTokens: a.cachedInputTokens + b.cachedInputTokens,
    reasoningTokens: a.reasoningTokens + b.reasoningTokens,
    ...(one !== undefined && other !== undefined && { costUsdNanos: one + other }),
    estimated: a.estimated || b.estimated,
  });
}
