import type { Voter } from "../strategies/strategy.js";
import type { RunEvent } from "./event.js";
import type { MemberSpec, RunSpec } from "./spec.js";

/** Everyone who votes: the members in their order, each with its samples. */
export function votersOf(members: readonly MemberSpec[]): readonly Voter[] {
  return members.flatMap(({ samples }, member) =>
    Array.from({ length: samples }, (_, index) => ({ member, sample: index + 1 })),
  );
}

/** How many voters a panel has: each sample of a member is one. */
export function voterCount(members: readonly MemberSpec[]): number {
  return members.reduce((sum, member) => sum + member.samples, 0);
}

/** Those who were asked in a round: those who are asked first, and everyone once the rest is asked. */
export function askedVoters(
  events: readonly RunEvent[],
  round: number,
  { members, askFirst }: RunSpec,
): readonly Voter[] {
  const isRestAsked = events.some((event) => event.type === "rest_asked" && event.round === round);
  return votersOf(isRestAsked ? members : members.slice(0, askFirst));
}

/** Whether two voters are the same one. */
export function isSameVoter(a: Voter, b: Voter): boolean {
  return a.member === b.member && a.sample === b.sample;
}
