import { type Abstention, abstention } from "../answers/abstention.js";
import { castBallots } from "../answers/ballots.js";
import { offeredTools, type OfferedTools } from "../answers/offered-tools.js";
import { whyUnusable } from "../answers/usable.js";
import type { Contribution, Outcome, Vote, Voter } from "../strategies/strategy.js";
import type { Completion, RunEvent } from "./event.js";
import { answersOf, byVoter, isMemberEvent, type MemberEvent } from "./member-event.js";
import { modelsOfVoter } from "./models-asked.js";
import type { MemberRecord } from "./record.js";
import type { RunSpec } from "./spec.js";
import { usageOfLost } from "./spending.js";
import { unknownUsage } from "./usage.js";
import { askedVoters, isSameVoter } from "./voters.js";

/**
 * One entry for each voter of each round that was asked, by round and place in the panel. A voter that is still writing
 * has none; once the run is over, such a voter counts as cancelled.
 */
export function memberRecords(events: readonly RunEvent[], spec: RunSpec): readonly MemberRecord[] {
  const isOver = events.some((event) => event.type === "run_finished");
  const rounds = new Set(events.flatMap((event) => (event.type === "round_started" ? [event.round] : [])));
  return [...rounds].flatMap((round) => {
    const reported = events.filter((e): e is MemberEvent => isMemberEvent(e) && e.round === round);
    const missing = isOver
      ? askedVoters(events, round, spec).filter((voter) => !reported.some((e) => isSameVoter(e.voter, voter)))
      : [];
    const cancelled = missing.map((voter): MemberEvent => ({
      type: "member_cancelled",
      round,
      voter,
      latencyMs: 0,
    }));
    const last = new Map([...reported, ...cancelled].map((e) => [`${e.voter.member}/${e.voter.sample}`, e]));
    const all = [...last.values()].toSorted(byVoter);
    const outcome = outcomeOf(events, round);
    const votes = outcome?.votes ?? castBallots(answersOf(all, spec), spec.answerFormat);
    const tools = offeredTools(spec.toolsJson);
    return all.map((event) => ({
      ...recordOfMember(event, votes, spec, tools),
      ...contributionOf(event.voter, outcome),
      hedge: hedgeOf(event, events),
    }));
  });
}

type OwnRecord = Omit<MemberRecord, "influence" | "swings" | "hedge">;

function recordOfMember(
  event: MemberEvent,
  votes: readonly Vote[],
  spec: RunSpec,
  tools: OfferedTools,
): OwnRecord {
  const { round, voter, latencyMs } = { latencyMs: 0, ...event };
  const asked = modelsOfVoter(voter, spec);
  const unanswered = {
    model: spec.members[voter.member]?.model ?? "",
    servedModel: "",
    round,
    sample: voter.sample,
    answerKey: "",
    counted: false,
    abstention: null,
    usage: null,
    latencyMs,
    firstTokenMs: null,
    finishReason: null,
    truncated: false,
    failure: null,
  };
  switch (event.type) {
    case "member_cancelled":
      return {
        ...unanswered,
        status: "cancelled",
        usage: usageOfLost(event.usage ?? unknownUsage, asked, spec),
      };
    case "member_failed": {
      const usage = event.usage && usageOfLost(event.usage, asked, spec);
      return { ...unanswered, status: "failed", usage, failure: event.failure };
    }
    case "member_answered": {
      const { completion } = event;
      const vote = votes.find((v) => isSameVoter(v.voter, voter));
      const counted = vote?.counted ?? false;
      return {
        ...unanswered,
        model: completion.model,
        servedModel: completion.servedModel,
        status: counted ? "answered" : "abstained",
        answerKey: vote?.answerKey ?? "",
        counted,
        abstention: counted ? null : abstentionOf(completion, spec, tools),
        usage: usageOfLost(completion.usage, asked, spec),
        latencyMs: completion.latencyMs,
        firstTokenMs: completion.firstTokenMs,
        finishReason: completion.finishReason,
        truncated: completion.finishReason === "length",
      };
    }
    default:
      return event satisfies never;
  }
}

function abstentionOf(
  completion: Completion,
  { answerFormat, responseFormat }: RunSpec,
  tools: OfferedTools,
): Abstention | null {
  const shaped = responseFormat === undefined ? null : abstention("not_of_schema");
  return whyUnusable(completion, answerFormat, tools) ?? shaped;
}

/** The outcome of a round's last aggregation. Null when there was none. */
function outcomeOf(events: readonly RunEvent[], round: number): Outcome | null {
  const last = events.findLast((event) => event.type === "aggregated" && event.round === round);
  return last?.type === "aggregated" ? last.outcome : null;
}

function contributionOf(voter: Voter, outcome: Outcome | null): Omit<Contribution, "voter"> {
  const own = outcome?.contributions?.find((contribution) => isSameVoter(contribution.voter, voter));
  return { influence: own?.influence ?? null, swings: own?.swings ?? false };
}

function hedgeOf(event: MemberEvent, events: readonly RunEvent[]): MemberRecord["hedge"] {
  const hedged = events.find(
    (other) =>
      other.type === "member_hedged" && other.round === event.round && isSameVoter(other.voter, event.voter),
  );
  if (hedged?.type !== "member_hedged") return null;
  return { model: hedged.model, won: event.type === "member_answered" && event.hedgeWon === true };
}
