import { durationMs } from "@bufbuild/protobuf/wkt";
import type { HandlerContext } from "@connectrpc/connect";
import { offeredTools, type OfferedTools, type RoundRules } from "@synod/consensus";
import type { Completion, StreamCompletionResponse } from "@synod/contracts/provider";
import type { RunRoundRequest, RunRoundResponse } from "@synod/contracts/round";
import { fromProtoAnswerFormat, fromProtoHedge, fromProtoStatistic, fromProtoStopRule } from "@synod/mapping";
import { callContext, SynodError } from "@synod/rpc";
import type { RoundDeps } from "../create.js";
import type { RoundEvents } from "../events.js";
import { estimateCalls } from "../estimate.js";
import { FanOut } from "../fan-out.js";
import type { Hedging } from "../hedging/hedging.js";
import { hedgeOf } from "../member-call.js";
import { firstOf, quorumOf, type Seat, seatsOf } from "../panel.js";
import { takingTurns } from "../taking-turns.js";
import { watchRound } from "../watch-round.js";

/** What a round needs. */
export interface RunRoundDeps extends RoundDeps {
  readonly events: RoundEvents;
  readonly hedging: Hedging;
}

/**
 * Asks the panel and streams what its members say, as it comes.
 *
 * @throws SynodError `invalid_value` when more answers are needed than asked for, or the tools cannot be read; `canceled`
 *   or `deadline_exceeded` when the call is ended from outside.
 */
export function runRound(
  { providers, events, hedging, ...deps }: RunRoundDeps,
  request: RunRoundRequest,
  context: HandlerContext,
): AsyncGenerator<RunRoundResponse, void, undefined> {
  const call = callContext(context);
  const seats = seatsOf(request);
  const rules = rulesOf(request, seats);
  const logger = deps.logger.child({ request_id: call.requestId });
  const watch = watchRound({ events, rules, request, logger });
  const graceMs = request.grace === undefined ? Infinity : durationMs(request.grace);
  const hedge = fromProtoHedge(request.hedge);
  const mayCancel = graceMs < Infinity || rules.stopEarly !== "off" || hedge !== null;
  const questions = seats.map(({ question }) => question);
  const waitForTurn = takingTurns(request.messages);
  const hedges = hedge === null ? [] : questions.flatMap((question) => hedgeOf(question) ?? []);
  return new FanOut({
    seats,
    rules,
    graceMs,
    hedge,
    hedging,
    costOf: mayCancel
      ? estimateCalls({ providers, logger }, [...questions, ...hedges], call)
      : () => undefined,
    signal: call.signal,
    watch,
    async ask(question, signal, write) {
      await waitForTurn?.();
      const options = call.outgoing({ signal });
      const completion = request.streamText
        ? await readStream(providers.streamCompletion({ completion: question }, options), write)
        : (await providers.complete({ completion: question }, options)).completion;
      if (completion === undefined) throw noCompletion();
      return completion;
    },
  }).run();
}

async function readStream(
  responses: AsyncIterable<StreamCompletionResponse>,
  write: (text: string) => void,
): Promise<Completion | undefined> {
  let completion: Completion | undefined;
  for await (const { event } of responses) {
    if (event.case === "delta" && event.value.text !== "") write(event.value.text);
    if (event.case === "finished") completion = event.value.completion;
  }
  return completion;
}

function rulesOf(request: RunRoundRequest, seats: readonly Seat[]): RoundRules {
  const quorum = quorumOf(request, seats.length);
  if (quorum > seats.length) {
    throw invalid(`quorum: ${quorum} answers are needed, but only ${seats.length} are asked for`);
  }
  return {
    voters: seats,
    first: firstOf(request, seats),
    quorum,
    stopEarly: fromProtoStopRule(request.stopRule),
    stopConfidence: request.stopConfidence ?? 0.95,
    statistic: fromProtoStatistic(request.statistic),
    families: request.members.map(({ family }, place) => family || String(place)),
    answerFormat: fromProtoAnswerFormat(request.answerFormat),
    tools: toolsOf(request),
  };
}

function toolsOf({ toolsJson, members }: RunRoundRequest): OfferedTools {
  if (toolsJson === "") return null;
  const tools = offeredTools(toolsJson);
  if (tools === null) throw invalid("tools_json: is not a JSON object with a list `tools`");
  if (members.some(({ extraJson }) => extraJson !== "")) {
    throw invalid("members.extra_json: cannot stand beside tools_json");
  }
  return tools;
}

function invalid(message: string): SynodError {
  return new SynodError({ reason: "invalid_value", message });
}

function noCompletion(): SynodError {
  return new SynodError({
    reason: "invalid_upstream_response",
    message: "the provider gateway sent no answer",
  });
}
