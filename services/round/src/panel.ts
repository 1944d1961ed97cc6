import { clone, create } from "@bufbuild/protobuf";
import type { Voice, Voter } from "@synod/consensus";
import { type ResponseFormat, type Sampling, SamplingSchema } from "@synod/contracts/model";
import { type CompletionRequest, CompletionRequestSchema } from "@synod/contracts/provider";
import type { RunRoundRequest } from "@synod/contracts/round";

/** One answer that is asked for: a member's seat and which of its samples. */
export interface Seat extends Voice {
  readonly voter: Voter;
  readonly question: CompletionRequest;
}

/** Every answer that a round asks for: the members in their order, each with its samples. */
export function seatsOf(request: RunRoundRequest): readonly Seat[] {
  return request.members.flatMap((member, position) =>
    Array.from({ length: Math.max(1, member.samples) }, (_, index) => ({
      voter: { member: position, sample: index + 1 },
      weight: member.weight ?? 1,
      ...(member.accuracy !== undefined && { accuracy: member.accuracy }),
      question: create(CompletionRequestSchema, {
        model: member.model,
        // Messages are read-only by rule, so all questions share the conversation.
        messages: request.messages,
        sampling: samplingOf(member.sampling, index, request.responseFormat),
        fallbacks: member.fallbacks,
        extraJson: member.extraJson || request.toolsJson,
      }),
    })),
  );
}

function samplingOf(
  sampling: Sampling | undefined,
  sample: number,
  responseFormat: ResponseFormat | undefined,
): Sampling | undefined {
  const isSeeded = sampling?.seed !== undefined && sample > 0;
  if (!isSeeded && responseFormat === undefined) return sampling;
  const copy = sampling === undefined ? create(SamplingSchema) : clone(SamplingSchema, sampling);
  if (responseFormat !== undefined) copy.responseFormat = responseFormat;
  if (copy.seed !== undefined) copy.seed = seedOf(copy.seed, sample);
  return copy;
}

// The same seed would buy the same answer again, so each further sample has the next one.
function seedOf(seed: bigint, sample: number): bigint {
  const offset = BigInt(sample);
  return seed + offset <= BigInt(Number.MAX_SAFE_INTEGER) ? seed + offset : seed - offset;
}

/** How many of the seats are asked first. */
export function firstOf({ askFirst, members }: RunRoundRequest, seats: readonly Seat[]): number {
  const asked = askFirst === 0 ? members.length : askFirst;
  return seats.filter(({ voter }) => voter.member < asked).length;
}

/** How many usable answers a round needs: what was asked for, or the majority of the voters. */
export function quorumOf(request: RunRoundRequest, voters: number): number {
  return request.quorum === 0 ? Math.floor(voters / 2) + 1 : request.quorum;
}
