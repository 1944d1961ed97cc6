import { create } from "@bufbuild/protobuf";
import type { Outcome, Vote } from "@synod/consensus";
import {
  OutcomeSchema,
  type Outcome as ProtoOutcome,
  type Vote as ProtoVote,
  VoteSchema,
} from "@synod/contracts/aggregation";
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

/** What a strategy made of the answers, as the contract has it. */
export function toProtoOutcome(outcome: Outcome): ProtoOutcome {
  return create(OutcomeSchema, {
    text: outcome.text,
    answerKey: outcome.answerKey,
    agreementRatio: outcome.agreement ?? undefined,
    votes: outcome.votes.map(toProtoVote),
    promptVersion: outcome.promptVersion,
    aggregatorUnavailable: outcome.aggregatorUnavailable,
  });
}

/**
 * What a strategy made of the answers, from the contract.
 *
 * @throws MappingError when a vote has no voter.
 */
export function fromProtoOutcome(outcome: ProtoOutcome): Outcome {
  return {
    text: outcome.text,
    answerKey: outcome.answerKey,
    agreement: outcome.agreementRatio ?? null,
    votes: outcome.votes.map(fromProtoVote),
    promptVersion: outcome.promptVersion,
    aggregatorUnavailable: outcome.aggregatorUnavailable,
  };
}
