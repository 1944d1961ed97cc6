import { create } from "@bufbuild/protobuf";
import type { Contribution, FieldAgreement, Outcome, Vote } from "@synod/consensus";
import {
  type Contribution as ProtoContribution,
  ContributionSchema,
  type FieldAgreement as ProtoFieldAgreement,
  FieldAgreementSchema,
  OutcomeSchema,
  type Outcome as ProtoOutcome,
  type Vote as ProtoVote,
  VoteSchema,
} from "@synod/contracts/aggregation";
import { fromProtoToolCall, toProtoToolCall } from "./message.js";
import { fromProtoVoter, toProtoVoter } from "./voter.js";

/** How an answer counted, as the contract has it. */
export function toProtoVote(vote: Vote): ProtoVote {
  return create(VoteSchema, {
    voter: toProtoVoter(vote.voter),
    answerKey: vote.answerKey,
    counted: vote.counted,
    weight: vote.weight,
  });
}

/**
 * How an answer counted, from the contract.
 *
 * @throws MappingError when its voter is unset.
 */
export function fromProtoVote(vote: ProtoVote): Vote {
  return {
    voter: fromProtoVoter(vote.voter),
    answerKey: vote.answerKey,
    counted: vote.counted,
    weight: vote.weight,
  };
}

/** How far the voters agree on one value, as the contract has it. */
export function toProtoFieldAgreement(field: FieldAgreement): ProtoFieldAgreement {
  const { path, agreement, support, voters } = field;
  return create(FieldAgreementSchema, { path, agreementRatio: agreement, support, voters });
}

/** How far the voters agree on one value, from the contract. */
export function fromProtoFieldAgreement(field: ProtoFieldAgreement): FieldAgreement {
  const { path, agreementRatio, support, voters } = field;
  return { path, agreement: agreementRatio, support, voters };
}

function toProtoContribution(contribution: Contribution): ProtoContribution {
  return create(ContributionSchema, {
    voter: toProtoVoter(contribution.voter),
    influence: contribution.influence ?? undefined,
    swings: contribution.swings,
  });
}

function fromProtoContribution(contribution: ProtoContribution): Contribution {
  return {
    voter: fromProtoVoter(contribution.voter),
    influence: contribution.influence ?? null,
    swings: contribution.swings,
  };
}

/** What a strategy made of the answers, as the contract has it. */
export function toProtoOutcome(outcome: Outcome): ProtoOutcome {
  return create(OutcomeSchema, {
    text: outcome.text,
    answerKey: outcome.answerKey,
    agreementRatio: outcome.agreement ?? undefined,
    votes: outcome.votes.map(toProtoVote),
    promptVersion: outcome.promptVersion,
    aggregatorUnavailable: outcome.aggregatorUnavailable,
    toolCalls: (outcome.toolCalls ?? []).map(toProtoToolCall),
    fields: (outcome.fields ?? []).map(toProtoFieldAgreement),
    contributions: (outcome.contributions ?? []).map(toProtoContribution),
    tieBroken: outcome.tieBroken ?? false,
    formatProblem: outcome.formatProblem ?? "",
  });
}

/**
 * What a strategy made of the answers, from the contract.
 *
 * @throws MappingError when a vote or a contribution has no voter.
 */
export function fromProtoOutcome(outcome: ProtoOutcome): Outcome {
  return {
    text: outcome.text,
    answerKey: outcome.answerKey,
    agreement: outcome.agreementRatio ?? null,
    votes: outcome.votes.map(fromProtoVote),
    promptVersion: outcome.promptVersion,
    aggregatorUnavailable: outcome.aggregatorUnavailable,
    ...(outcome.toolCalls.length > 0 && { toolCalls: outcome.toolCalls.map(fromProtoToolCall) }),
    ...(outcome.fields.length > 0 && { fields: outcome.fields.map(fromProtoFieldAgreement) }),
    ...(outcome.contributions.length > 0 && {
      contributions: outcome.contributions.map(fromProtoContribution),
    }),
    ...(outcome.tieBroken && { tieBroken: true }),
    ...(outcome.formatProblem !== "" && { formatProblem: outcome.formatProblem }),
  };
}
