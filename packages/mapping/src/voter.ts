import { create } from "@bufbuild/protobuf";
import type { Voter } from "@synod/consensus";
import { type Voter as ProtoVoter, VoterSchema } from "@synod/contracts/round";
import { required } from "./required.js";

/** A voter as the contract has it. */
export function toProtoVoter(voter: Voter): ProtoVoter {
  return create(VoterSchema, { member: voter.member, sample: voter.sample });
}

/**
 * A voter from the contract.
 *
 * @throws MappingError when it is unset.
 */
export function fromProtoVoter(voter: ProtoVoter | undefined): Voter {
  const { member, sample } = required(voter, "voter");
  return { member, sample };
}
