import type { Voter } from "../strategies/strategy.js";

/** How alike the errors of two voters are: 0 for independent ones, 1 for copies of each other. */
export interface Correlation {
  /** Of two samples of one member. Default: 1. */
  readonly sameMember: number;
  /** Of two members of one family. Default: 1. */
  readonly sameFamily: number;
  /** Of two members of different families. Default: 0. */
  readonly others: number;
}

/** Who votes, and what is known of how alike they are. */
export interface Kinship {
  /** The family of each member, by its position in the panel. Each is its own when unset. */
  readonly families?: readonly string[];
  /** Measured correlations. Without them a family is one source and no more, and families are independent. */
  readonly correlation?: Partial<Correlation>;
}

/**
 * What n equally correlated votes are worth in independent ones: n / (1 + (n-1) rho) (Kish 1965, the design effect).
 * `n`: 1 or more; `rho`: 0 to 1.
 */
export function effectiveVotes(n: number, rho: number): number {
  return n / (1 + (n - 1) * rho);
}

/**
 * Each vote with its `share`: the part of an independent vote that it is worth, above 0 and at most 1. It is 1 by the
 * sum of the voter's correlations with all, itself included.
 *
 * Equally correlated votes are worth n / (1 + (n-1) rho) together, and a vote and its copies are worth that vote.
 */
export function withShares<T extends { readonly voter: Voter }>(
  votes: readonly T[],
  kinship: Kinship = {},
): readonly (T & { readonly share: number })[] {
  return votes.map((vote, index) => {
    const others = votes.filter((_, i) => i !== index);
    const sum = others.reduce((total, { voter }) => total + correlationOf(vote.voter, voter, kinship), 1);
    return { ...vote, share: 1 / sum };
  });
}

function correlationOf(a: Voter, b: Voter, { families, correlation }: Kinship): number {
  if (a.member === b.member) return correlation?.sameMember ?? 1;
  const family = families?.[a.member];
  const isSameFamily = family !== undefined && family === families?.[b.member];
  return isSameFamily ? (correlation?.sameFamily ?? 1) : (correlation?.others ?? 0);
}
