import {
  isMemberEvent,
  isSameVoter,
  type MemberRecord,
  recordOf,
  type RunEvent,
  type Voter,
  votersOf,
} from "@synod/consensus";

/** A voter of a round, and what it came to. */
export interface Seat {
  readonly voter: Voter;
  /** The member's model, whoever answered for it. */
  readonly model: string;
  /** Whether it was asked. */
  readonly asked: boolean;
  /** Undefined while it has come to nothing yet. */
  readonly record: MemberRecord | undefined;
}

/** The voters of a round in their order, as far as the events go. */
export function membersIn(events: readonly RunEvent[], round: number): readonly Seat[] {
  const [started] = events;
  if (started?.type !== "run_started") return [];
  const { members } = started.spec;
  const asked = events.reduce((sum, event) => sum + askedBy(event, round), 0);
  const records = recordOf(events).members.filter((member) => member.round === round);
  const ofRound = events.filter(isMemberEvent).filter((event) => event.round === round);
  // Records stand in the order of the voters who have come to something.
  let next = 0;
  return votersOf(members).map((voter, position) => {
    const isReported = ofRound.some((event) => isSameVoter(event.voter, voter));
    const record = isReported ? records[next++] : undefined;
    return { voter, model: members[voter.member]?.model ?? "", asked: position < asked, record };
  });
}

function askedBy(event: RunEvent, round: number): number {
  const asks = event.type === "round_started" || event.type === "rest_asked";
  return asks && event.round === round ? event.voters : 0;
}
