import { randomBytes } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import type { HandlerContext } from "@connectrpc/connect";
import { type JudgeQuestion, judgePrompt, type JudgeVote, verdictOf } from "@synod/consensus";
import { type ValidateRequest, type ValidateResponse, ValidateResponseSchema } from "@synod/contracts/judge";
import { fromProtoMessages, toProtoVerdict } from "@synod/mapping";
import { callContext, SynodError } from "@synod/rpc";
import { askJudge } from "../ask-judge.js";
import type { JudgeDeps } from "../create.js";
import type { JudgeEvents } from "../events.js";

/**
 * Asks every judge at once and says what the jury says. A judge that is down is a vote with a failure.
 *
 * @throws SynodError `invalid_value` when more votes are needed than there are judges.
 */
export async function validate(
  deps: JudgeDeps,
  events: JudgeEvents,
  request: ValidateRequest,
  context: HandlerContext,
): Promise<ValidateResponse> {
  const call = callContext(context);
  const needed = votesNeeded(request);
  const question: JudgeQuestion = {
    conversation: fromProtoMessages(request.messages),
    answer: request.answer,
    // Drawn here because prompts are pure; long enough that no answer holds it.
    nonce: randomBytes(16).toString("hex"),
  };
  const { providers } = deps;
  const logger = deps.logger.child({ request_id: call.requestId });
  const votes = await Promise.all(
    request.models.map(async (model) => {
      const vote = await askJudge({ providers, model, question, call });
      measure(events, vote);
      if (vote.failure !== null) logger.warn({ model, failure: vote.failure }, "judge gave no verdict");
      return vote;
    }),
  );
  const verdict = verdictOf(votes, needed, judgePrompt(question).version);
  events.verdicts.inc({ kind: verdict.kind });
  return create(ValidateResponseSchema, { verdict: toProtoVerdict(verdict) });
}

function votesNeeded({ votesNeeded, models }: ValidateRequest): number {
  if (votesNeeded === 0) return Math.floor(models.length / 2) + 1;
  if (votesNeeded > models.length) {
    throw new SynodError({
      reason: "invalid_value",
      message: `votes_needed: ${votesNeeded} votes are needed, but only ${models.length} judges are asked`,
    });
  }
  return votesNeeded;
}

function measure(events: JudgeEvents, vote: JudgeVote): void {
  const result = vote.judgement?.verdict ?? vote.failure?.reason ?? "internal";
  const latencyMs = vote.calls.reduce((sum, { latencyMs }) => sum + latencyMs, 0);
  events.votes.inc({ result });
  events.calls.inc(vote.calls.length);
  events.duration.observe({ result }, latencyMs / 1000);
}
