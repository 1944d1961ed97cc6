import { closed, flag, listOf, number, orNull, ref, type Schemas, text, whole, word } from "../schema.js";

const share = (description: string) => number(description, { minimum: 0, maximum: 1 });
const count = (description: string, minimum = 0) => whole(description, { minimum });
const milliseconds = (description: string) => number(description, { minimum: 0 });

const stops = [
  ...["complete", "lossless", "confident", "quorum", "stable", "agreed", "accepted"],
  ...["max_rounds", "max_regenerations", "deadline", "budget"],
];
const degradations = [
  ...["aggregator_unavailable", "judge_unavailable", "member_failed"],
  ...["stopped_by_deadline", "stopped_by_budget", "cost_unknown"],
];

const abstentions = [
  ...["empty", "refused", "no_number", "no_choice", "no_boolean", "no_json"],
  ...["no_arguments", "unknown_tool", "invalid_arguments", "not_of_schema"],
];

/** How an answer of a panel came about. */
export const consensusSchemas: Schemas = {
  Consensus: closed(
    {
      run_id: text("Also in the log, and under /v1/runs."),
      preset: text(),
      strategy: text("How the answers became one."),
      rounds: count("Rounds that were asked, those of regenerations included."),
      simulated: flag("Whether a member is simulated."),
      agreement: orNull(share("The weight of the votes for the answer, by that of all. Null without votes.")),
      confidence: orNull(share("The probability that the answer is right. Null when it is unknown.")),
      validated: orNull(flag("Whether the judges accepted this answer. Null without a verdict.")),
      stopped: orNull(word(stops, "Why the run ended. Null without an answer.")),
      degraded: listOf(word(degradations), "What did not go as planned."),
      members: listOf(ref("ConsensusMember"), "One entry for each member, sample and round."),
      tie_broken: flag("Whether answers were level, so that weights or a stable hash decided."),
      fields: orNull(listOf(ref("FieldAgreement"))),
      format_problem: orNull(text("Why the answer is not of the schema that was asked for.")),
      dissent: listOf(ref("Dissent"), "Every other answer that had votes."),
      judge: orNull(ref("JudgeRecord")),
      calls: closed({
        made: count("Upstream calls that were started, fallbacks and hedges included."),
        saved: count("Planned calls that were not needed."),
      }),
      cost_usd: orNull(number("US dollars. Null when the cost of a call is not known.", { minimum: 0 })),
    },
    "How the answer came about.",
  ),
  ConsensusMember: closed({
    model: text("Who was asked: a fallback, if that one answered."),
    served_model: orNull(text("Who the provider says has answered.")),
    round: count("From 1.", 1),
    sample: count("From 1.", 1),
    status: word(["answered", "abstained", "failed", "cancelled"]),
    answer_key: orNull(text("What was compared. Null without a vote.")),
    counted: flag("Whether it had a vote."),
    abstention: orNull(
      closed({
        reason: word(abstentions),
        message: text("The same for a person: places in the answer, never what stands there."),
      }),
    ),
    usage: orNull(ref("Usage")),
    cost_usd: orNull(number(undefined, { minimum: 0 })),
    latency_ms: milliseconds("Until the whole answer."),
    first_token_ms: orNull(milliseconds("Until its first token.")),
    finish_reason: orNull(text()),
    truncated: flag("Whether it reached its limit of tokens."),
    hedge: orNull(
      closed({
        model: text("The fallback that was asked too, since the member was slow."),
        won: flag("Whether the answer is its."),
      }),
    ),
    influence: orNull(
      number("How much higher the agreement is with its answer than without.", { minimum: -1, maximum: 1 }),
    ),
    swings: flag("Whether another answer would have won without it."),
    error: orNull(ref("MemberError")),
  }),
  FieldAgreement: closed(
    {
      path: text("A JSON Pointer into the answer."),
      agreement: share("The weight of the votes for the value, by that of all."),
      support: count("Voters who gave the value."),
      voters: count("Voters in all."),
    },
    "How far the voters agree on one value of a structured answer.",
  ),
  Dissent: closed({ answer_key: text(), models: listOf(text()) }),
  JudgeRecord: closed({
    verdict: orNull(word(["right", "wrong", "unsure"])),
    findings: ref("Findings"),
    attempts: count("Answers that were judged: 1 + the regenerations."),
  }),
};
