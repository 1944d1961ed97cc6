import { durationMs } from "@bufbuild/protobuf/wkt";
import type { HandlerContext } from "@connectrpc/connect";
import type { RoundRules } from "@synod/consensus";
import type { RunRoundRequest, RunRoundResponse } from "@synod/contracts/round";
import { fromProtoAnswerFormat, fromProtoStopRule } from "@synod/mapping";
import { callContext, SynodError } from "@synod/rpc";
import type { RoundDeps } from "../create.js";
import type { RoundEvents } from "../events.js";
import { estimateSeats } from "../estimate.js";
import { FanOut } from "../fan-out.js";
import { quorumOf, type Seat, seatsOf } from "../panel.js";
import { watchRound } from "../watch-round.js";

/**
 * Asks the panel and streams what its members say, as it comes.
 *
 * @throws SynodError `invalid_value` when more answers are needed than asked for; `canceled` or `deadline_exceeded`
 *   when the call is ended from outside.
 */
export function runRound(
  deps: RoundDeps,
  events: RoundEvents,
  request: RunRoundRequest,
  context: HandlerContext,
): AsyncGenerator<RunRoundResponse, void, undefined> {
  const call = callContext(context);
  const seats = seatsOf(request);
  const rules = rulesOf(request, seats);
  const logger = deps.logger.child({ request_id: call.requestId });
  const watch = watchRound({ events, rules, request, logger });
  const graceMs = request.grace === undefined ? Infinity : durationMs(request.grace);
  const mayCancel = graceMs < Infinity || rules.stopEarly !== "off";
  return new FanOut({
    seats,
    rules,
    graceMs,
    costOf: mayCancel ? estimateSeats({ providers: deps.providers, logger }, seats, call) : () => undefined,
    signal: call.signal,
    watch,
    async ask(seat, signal) {
      const options = call.outgoing({ signal });
      const { completion } = await deps.providers.complete({ completion: seat.question }, options);
      if (completion === undefined) throw noCompletion();
      return completion;
    },
  }).run();
}

function rulesOf(request: RunRoundRequest, seats: readonly Seat[]): RoundRules {
  const quorum = quorumOf(request, seats.length);
  if (quorum > seats.length) {
    throw new SynodError({
      reason: "invalid_value",
      message: `quorum: ${quorum} answers are needed, but only ${seats.length} are asked for`,
    });
  }
  return {
    voters: seats,
    quorum,
    stopEarly: fromProtoStopRule(request.stopRule),
    answerFormat: fromProtoAnswerFormat(request.answerFormat),
  };
}

function noCompletion(): SynodError {
  return new SynodError({
    reason: "invalid_upstream_response",
    message: "the provider gateway sent no answer",
  });
}
