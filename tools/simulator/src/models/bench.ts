/** A model that answers with a fixed number of tokens and looks nothing up: for benchmarks. */
export interface BenchModel {
  readonly tokens: number;
  /** Tokens per second after the first; undefined: all at once. */
  readonly perSecond?: number;
  /** Milliseconds before the first token. */
  readonly afterMs: number;
}

const BENCH = /^bench\/echo-(\d{1,6})(?:-at-(\d{1,6}))?(?:-after-(\d{1,6}))?$/;

/** Reads `bench/echo-N`, `bench/echo-N-at-TOKENS_PER_SECOND` and `…-after-MS`; nothing for any other id. */
export function readBenchModel(id: string): BenchModel | undefined {
  if (!id.startsWith("bench/")) return undefined;
  const [, tokens, perSecond, afterMs = "0"] = BENCH.exec(id) ?? [];
  if (tokens === undefined) return undefined;
  return {
    tokens: Number(tokens),
    afterMs: Number(afterMs),
    ...(perSecond === undefined ? {} : { perSecond: Math.max(1, Number(perSecond)) }),
  };
}

const WORDS = [" one", " two", " three", " four", " five", " six", " seven", " eight"] as const;
const ENDING = ["\n", "Answer", ":", " 42"] as const;

/** The tokens of a bench model: words, and `Answer: 42` at the end. */
export function benchTokens(count: number): string[] {
  const tokens: string[] = [];
  for (let left = count; left > 0; left--) {
    const word = left > ENDING.length ? WORDS[left % WORDS.length] : ENDING[ENDING.length - left];
    tokens.push(word ?? "");
  }
  return tokens;
}
