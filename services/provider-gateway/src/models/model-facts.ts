import { bytesPerToken, type CallSize } from "../calls/call-size.js";
import { modelSettings } from "../control/lines.js";
import { ProviderFailure, unrepeatable } from "../providers/provider-error.js";
import type { Target } from "../providers/target.js";
import type { Catalogue } from "./catalogue.js";
import type { Price } from "./price.js";

/** Only a conversation so many times as long as what is left for it is refused: the count of its tokens is an estimate. */
const farBeyond = 2;

/** What is known of models without asking: by the settings, by our own tables, by the providers' lists. */
export class ModelFacts {
  readonly #catalogue: Pick<Catalogue, "peek">;

  constructor(catalogue: Pick<Catalogue, "peek">) {
    this.#catalogue = catalogue;
  }

  /** What a model costs; null when nobody says. */
  priceOf({ provider, model }: Target): Price | null {
    return (
      modelSettings(provider.settings, model).price ??
      provider.codec.priceOf(model) ??
      this.#catalogue.peek(provider, model)?.price ??
      null
    );
  }

  /** How many tokens a model writes at most; undefined when nobody says. */
  maxOutputTokensOf({ provider, model }: Target): number | undefined {
    return this.#catalogue.peek(provider, model)?.maxOutputTokens;
  }

  /** Whether `one` is known to take more tokens than `other`. */
  isLarger(one: Target, other: Target): boolean {
    const [first, second] = [this.#contextOf(one), this.#contextOf(other)];
    return first !== undefined && second !== undefined && first > second;
  }

  /**
   * Lets a request pass that may fit into the model's context, with the most that it allows to be written.
   *
   * @throws ProviderFailure `context_length_exceeded`. No upstream call was made then.
   */
  mustFit(target: Target, { sentBytes, maxOutputTokens = 0 }: CallSize): void {
    const context = this.#contextOf(target);
    if (context === undefined) return;
    const tokens = Math.ceil(sentBytes / bytesPerToken);
    if (tokens <= farBeyond * (context - maxOutputTokens)) return;
    const asked = maxOutputTokens === 0 ? "" : ` and may be answered with ${maxOutputTokens}`;
    throw new ProviderFailure({
      ...unrepeatable,
      reason: "context_length_exceeded",
      message: `the conversation has about ${tokens} tokens${asked}, and the model takes ${context} in all. Shorten it, or ask a model that takes more`,
      failOver: "larger_context",
    });
  }

  #contextOf({ provider, model }: Target): number | undefined {
    return (
      modelSettings(provider.settings, model).contextTokens ??
      this.#catalogue.peek(provider, model)?.contextTokens
    );
  }
}
