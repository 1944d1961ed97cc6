import { offeredTools } from "../answers/offered-tools.js";
import { answerIn } from "../answers/usable.js";
import type { Answer } from "../strategies/strategy.js";
import type { RunEvent } from "./event.js";
import type { RunSpec } from "./spec.js";

/** What one voter of a round came to. */
export type MemberEvent = Extract<
  RunEvent,
  { readonly type: "member_answered" | "member_failed" | "member_cancelled" }
>;

/** Orders what members came to by their place in the panel. */
export function byVoter(a: Pick<MemberEvent, "voter">, b: Pick<MemberEvent, "voter">): number {
  return a.voter.member - b.voter.member || a.voter.sample - b.voter.sample;
}

/**
 * The answers that are aggregated, in the order of the panel: those that hold text, or calls of tools that were offered.
 * Empty and refused ones are left out; one that lacks what the format asks for is in, and abstains.
 */
export function answersOf(
  events: readonly MemberEvent[],
  { members, toolsJson }: Pick<RunSpec, "members" | "toolsJson">,
): readonly Answer[] {
  const tools = offeredTools(toolsJson);
  return events.toSorted(byVoter).flatMap((event) => {
    const said = event.type === "member_answered" ? answerIn(event.completion, tools) : null;
    if (event.type !== "member_answered" || said === null) return [];
    const { weight = 1, accuracy } = members[event.voter.member] ?? {};
    const truncated = event.completion.finishReason === "length";
    const answer = { voter: event.voter, ...said, weight, truncated };
    return [accuracy === undefined ? answer : { ...answer, accuracy }];
  });
}

/** Whether an event says what a voter came to. */
export function isMemberEvent(event: RunEvent): event is MemberEvent {
  return (
    event.type === "member_answered" || event.type === "member_failed" || event.type === "member_cancelled"
  );
}
