import type { RunEvent } from "@synod/consensus";

/** How far a run is, in one line. */
export interface Progress {
  /** Example: `synod round 1 2/5 answered`. */
  readonly line: string;
  /** Whether a member has answered. */
  readonly answered: boolean;
  /** Takes an event in. Returns whether the line has changed. */
  note(event: RunEvent): boolean;
}

/** Follows a run. */
export function createProgress(): Progress {
  let line = "synod started";
  let answered = false;
  let round = { round: 0, voters: 0, answers: 0 };

  function lineAfter(event: RunEvent): string {
    switch (event.type) {
      case "round_started":
        round = { round: event.round, voters: event.voters, answers: 0 };
        break;
      case "rest_asked":
        round.voters += event.voters;
        break;
      case "member_answered":
        round.answers += 1;
        answered = true;
        break;
      case "round_ended":
        return event.stop === "quorum_lost" ? line : `synod round ${event.round} aggregating`;
      case "aggregated":
        return `synod round ${event.round} aggregated`;
      case "judged":
        return `synod judged ${event.verdict.kind}`;
      case "regeneration_started":
        return `synod regeneration ${event.regeneration}`;
      default:
        return line;
    }
    return `synod round ${round.round} ${round.answers}/${round.voters} answered`;
  }

  return {
    get line() {
      return line;
    },
    get answered() {
      return answered;
    },
    note(event) {
      const before = line;
      line = lineAfter(event);
      return line !== before;
    },
  };
}
