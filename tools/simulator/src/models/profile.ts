/** How a model of the simulation behaves. */
export interface ModelProfile {
  /** Its id on the wire. Synod's own models are `sim/<id>` outside. */
  readonly id: string;
  readonly name: string;
  /** Models of one family tend to err together, and then say the same. */
  readonly family: string;
  /** The probability of being right on a question of difficulty 1, 0 to 1. */
  readonly ability: number;
  /** The probability of being right on any `What is A op B?`, 0 to 1. Default: by ability and by length of the numbers. */
  readonly sums?: number;
  /** The probability of taking over another answer that is shown as the consensus, 0 to 1. */
  readonly yielding: number;
  /** Milliseconds to the first token. */
  readonly latency: { readonly medianMs: number; readonly sigma: number };
  readonly tokensPerSecond: number;
  /** 0 is terse, 1 adds a sentence, 2 adds two. */
  readonly verbosity: 0 | 1 | 2;
  /** US dollars per token, as decimal text. */
  readonly price: { readonly prompt: string; readonly completion: string };
  /** Tokens. */
  readonly contextLength: number;
}
