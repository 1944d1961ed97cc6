import type { Ranking } from "./borda.js";

/** One comparison of two candidates, by their ids, that one of them won. A tie is no duel. */
export interface Duel {
  readonly winner: string;
  readonly loser: string;
}

/** What rankings say of each pair: one duel for each ranking that both are in. */
export function duelsOf(rankings: readonly Ranking[]): readonly Duel[] {
  return rankings.flatMap((ranking) =>
    ranking.flatMap((winner, place) =>
      ranking.slice(place + 1).map((loser) => ({ winner: winner.id, loser: loser.id })),
    ),
  );
}

/** Whether the first beat the second: won more of their duels than it lost. */
export type Beats = (a: string, b: string) => boolean;

/** Who beat whom in the majority of their duels. */
export function majorityOf(duels: readonly Duel[]): Beats {
  const won = new Map<string, Map<string, number>>();
  for (const { winner, loser } of duels) {
    const over = won.get(winner) ?? new Map<string, number>();
    won.set(winner, over.set(loser, (over.get(loser) ?? 0) + 1));
  }
  const count = (a: string, b: string): number => won.get(a)?.get(b) ?? 0;
  return (a, b) => count(a, b) > count(b, a);
}
