import type { ProviderError } from "../providers/provider-error.js";
import { type LimitOptions, Limits } from "./limits.js";

/** A key of a provider, or what stands for it where the provider wants none. */
export interface ProviderKey {
  /** From 1, in the order of the settings: how logs, spans and metrics name it. */
  readonly index: number;
  /** Never to be logged. */
  readonly secret: string | undefined;
}

/** After a provider refused a key, one call in so many milliseconds may try it again. */
const probeEveryMs = 60_000;

/** A key and how the provider took it lately. */
export class KeyState {
  readonly key: ProviderKey;
  /** What the key may do in all models together. */
  readonly limits: Limits;
  readonly #now: () => number;
  #refusal: { readonly error: ProviderError; probeAt: number } | undefined;

  constructor(key: ProviderKey, limits: LimitOptions) {
    this.key = key;
    this.limits = new Limits(limits);
    this.#now = limits.now;
  }

  /** Why it is left alone; undefined when it may be used, for a probe at least. */
  get refusal(): ProviderError | undefined {
    return this.#refusal !== undefined && this.#now() < this.#refusal.probeAt
      ? this.#refusal.error
      : undefined;
  }

  /** Whether the provider's last word on it was a refusal. */
  get isOut(): boolean {
    return this.#refusal !== undefined;
  }

  /** A call with it starts: a refused key is left alone again until the next probe. */
  used(): void {
    if (this.#refusal !== undefined) this.#refusal.probeAt = this.#now() + probeEveryMs;
  }

  /** The provider refused it. */
  refused(error: ProviderError): void {
    this.#refusal = { error, probeAt: this.#now() + probeEveryMs };
    this.limits.sendAway();
  }

  /** The provider took it. */
  accepted(): void {
    this.#refusal = undefined;
  }
}
