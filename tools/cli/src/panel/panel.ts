import { type RunEvent, strategies } from "@synod/consensus";
import { membersIn, type Seat } from "./members.js";

/** What a run is doing. */
export type Activity = "asking" | "aggregating" | "judging" | "finished";

/** How far a run is, as it is shown to a person. */
export interface Panel {
  readonly preset: string;
  readonly strategy: string;
  /** The model that aggregates; empty for a strategy that asks none. */
  readonly aggregator: string;
  /** The last round that was asked; 0 for none. */
  readonly round: number;
  readonly maxRounds: number;
  /** Which regeneration it is; 0 for none. */
  readonly regeneration: number;
  readonly seats: readonly Seat[];
  readonly activity: Activity;
}

/** How far a run is. Undefined before it has begun. */
export function panelOf(events: readonly RunEvent[]): Panel | undefined {
  const [started] = events;
  if (started?.type !== "run_started") return undefined;
  const { preset, aggregation, rounds, judge } = started.spec;
  const asked = events.findLast((event) => event.type === "round_started");
  const round = asked?.type === "round_started" ? asked.round : 0;
  return {
    preset,
    strategy: aggregation.strategy,
    aggregator: strategies[aggregation.strategy].needsModel ? aggregation.model : "",
    round,
    maxRounds: rounds.max,
    regeneration: asked?.type === "round_started" ? asked.regeneration : 0,
    seats: membersIn(events, round),
    activity: activityOf(events.at(-1)?.type ?? "run_started", judge.mode !== "off"),
  };
}

/** What goes on after an event. */
function activityOf(last: RunEvent["type"], isJudged: boolean): Activity {
  switch (last) {
    case "round_ended":
    case "aggregator_called":
    case "regeneration_started":
      return "aggregating";
    case "aggregated":
      return isJudged ? "judging" : "finished";
    case "aggregation_failed":
    case "judged":
    case "judge_failed":
    case "deadline_reached":
    case "caller_left":
    case "run_finished":
      return "finished";
    case "run_started":
    case "round_started":
    case "rest_asked":
    case "member_hedged":
    case "member_answered":
    case "member_failed":
    case "member_cancelled":
      return "asking";
    default:
      return last satisfies never;
  }
}
