/** Counts how often a model was asked the same. */
export interface Occurrences {
  /** How often the key came before: 0 at first. */
  next(key: number): number;
  reset(): void;
}

/** Starts to count. The least recently counted keys are forgotten beyond `limit`. */
export function createOccurrences(limit = 20_000): Occurrences {
  const counts = new Map<number, number>();
  return {
    next(key) {
      const before = counts.get(key) ?? 0;
      counts.delete(key);
      counts.set(key, before + 1);
      if (counts.size > limit) {
        const [oldest] = counts.keys();
        if (oldest !== undefined) counts.delete(oldest);
      }
      return before;
    },
    reset: () => counts.clear(),
  };
}
