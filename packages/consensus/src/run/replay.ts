import { strategies } from "../strategies/registry.js";
import type { Contribution, Outcome, StrategyName, Vote } from "../strategies/strategy.js";
import type { RunEvent } from "./event.js";
import { inputOf } from "./local-outcome.js";
import { answersOf, isMemberEvent, type MemberEvent } from "./member-event.js";
import { recordOf, type RunRecord } from "./record.js";
import type { MemberSpec, RunSpec } from "./spec.js";
import { isSameVoter } from "./voters.js";

/** How the answers of a run are aggregated again. */
export interface ReplayOptions {
  /** One that asks no model. */
  readonly strategy: StrategyName;
  /** The round whose answers are taken, from 1. The last that has some when unset. */
  readonly round?: number;
  /** What members' votes weigh, above 0, by their model, in place of what is recorded. */
  readonly weights?: Readonly<Record<string, number>>;
  /** The probabilities that members are right, 0 to 1, by their model, in place of what is recorded. */
  readonly accuracies?: Readonly<Record<string, number>>;
}

/** How an answer counted, and what it did for the outcome. */
export interface CountedVote extends Omit<Vote, "voter">, Omit<Contribution, "voter"> {
  /** The member's model. */
  readonly model: string;
  readonly sample: number;
}

/** What became of the answers of a round. */
export interface RoundOutcome {
  readonly outcome: Outcome;
  /** How each answer counted, in the order of the panel. */
  readonly votes: readonly CountedVote[];
  /** The record of a run of this round alone. What it says of calls and costs is what the members' were. */
  readonly record: RunRecord;
}

/**
 * What a replay gives. `recorded` is null when the round was not aggregated. A replay is refused for a strategy that asks
 * a model, for a round without an answer, for a weight of somebody who is no member, and for accuracies of some members
 * alone: votes are weighed by them only where all have one.
 */
export type Replay =
  | {
      readonly status: "replayed";
      readonly round: number;
      readonly recorded: RoundOutcome | null;
      readonly replayed: RoundOutcome;
    }
  | { readonly status: "refused"; readonly reason: "needs_model" | "no_answers" }
  | {
      readonly status: "refused";
      readonly reason: "unknown_member" | "accuracy_missing";
      readonly model: string;
    };

/**
 * Aggregates recorded answers again: the answers, the seed and all settings are those of the run, but for what the options
 * say. No model is asked, and the same events with the same options give the same result. Throws an Error when the first
 * event is not `run_started`.
 */
export function replay(events: readonly RunEvent[], options: ReplayOptions): Replay {
  const [started] = events;
  if (started?.type !== "run_started") throw new Error("the events of a run begin with run_started");
  const strategy = strategies[options.strategy];
  if (strategy.needsModel) return { status: "refused", reason: "needs_model" };
  const stranger = strangerIn(options, started.spec);
  if (stranger !== undefined) return { status: "refused", reason: "unknown_member", model: stranger };

  const spec = specFor(started.spec, options);
  const unrated = spec.members.find(({ accuracy }) => accuracy === undefined);
  if (options.accuracies !== undefined && unrated !== undefined) {
    return { status: "refused", reason: "accuracy_missing", model: unrated.model };
  }
  const answersIn = (round: number) => answersOf(membersOf(events, round), spec);
  const rounds = events.flatMap((event) => (event.type === "round_started" ? [event.round] : []));
  const round = options.round ?? rounds.findLast((each) => answersIn(each).length > 0);
  const answers = round === undefined ? [] : answersIn(round);
  if (round === undefined || answers.length === 0) return { status: "refused", reason: "no_answers" };

  const step = strategy.next(inputOf({ answers, spec, messages: started.messages }), []);
  if (!("outcome" in step)) throw new Error(`${strategy.name} needs a model, but does not say so`);
  const last = events.findLast((event) => event.type === "aggregated" && event.round === round);
  const of = (outcome: Outcome, settings: RunSpec): RoundOutcome => ({
    outcome,
    votes: countedVotes(outcome, settings),
    record: recordOf([
      { ...started, spec: settings },
      ...events.filter((event) => isOfRound(event, round)),
      { type: "aggregated", round, outcome, aggregatorSkipped: false },
      {
        type: "run_finished",
        result: { status: "completed", answer: outcome.text, stopped: "complete" },
      },
    ]),
  });
  return {
    status: "replayed",
    round,
    recorded: last?.type === "aggregated" ? of(last.outcome, started.spec) : null,
    replayed: of(step.outcome, spec),
  };
}

function specFor(spec: RunSpec, { strategy, weights = {}, accuracies = {} }: ReplayOptions): RunSpec {
  const seat = (member: MemberSpec): MemberSpec => {
    const accuracy = accuracies[member.model] ?? member.accuracy;
    const weight = weights[member.model] ?? member.weight;
    return { ...member, weight, ...(accuracy !== undefined && { accuracy }) };
  };
  return { ...spec, members: spec.members.map(seat), aggregation: { ...spec.aggregation, strategy } };
}

function countedVotes({ votes, contributions = [] }: Outcome, { members }: RunSpec): readonly CountedVote[] {
  return votes.map(({ voter, ...vote }) => {
    const own = contributions.find((contribution) => isSameVoter(contribution.voter, voter));
    const model = members[voter.member]?.model ?? "";
    const did = { influence: own?.influence ?? null, swings: own?.swings ?? false };
    return { model, sample: voter.sample, ...vote, ...did };
  });
}

function strangerIn({ weights = {}, accuracies = {} }: ReplayOptions, spec: RunSpec): string | undefined {
  const named = [...Object.keys(weights), ...Object.keys(accuracies)];
  return named.find((name) => !spec.members.some(({ model }) => model === name));
}

function membersOf(events: readonly RunEvent[], round: number): readonly MemberEvent[] {
  return events.filter((event): event is MemberEvent => isMemberEvent(event) && event.round === round);
}

function isOfRound(event: RunEvent, round: number): boolean {
  switch (event.type) {
    case "round_started":
    case "rest_asked":
    case "member_hedged":
    case "member_answered":
    case "member_failed":
    case "member_cancelled":
    case "round_ended":
      return event.round === round;
    default:
      return false;
  }
}
