import { create } from "@bufbuild/protobuf";
import {
  isMemberEvent,
  isUsable,
  offeredTools,
  type RunCommand,
  type RunEvent,
  strategies,
  type Voter,
  votersOf,
} from "@synod/consensus";
import { type RunRoundRequest, RunRoundRequestSchema } from "@synod/contracts/round";
import {
  fromProtoRoundResponse,
  fromProtoSpent,
  toProtoDuration,
  toProtoHedge,
  toProtoMember,
  toProtoMessages,
  toProtoResponseFormat,
  toProtoStatistic,
  toProtoStopRule,
} from "@synod/mapping";
import { spentOf } from "@synod/rpc";
import type { Task } from "./task.js";

type RoundEnded = Extract<RunEvent, { readonly type: "round_ended" }>;
type AskRound = Extract<RunCommand, { readonly type: "ask_round" }>;

/** Asks the panel, and makes sure that the round ends: when the call fails, whoever is missing has failed. */
export async function askRound(command: AskRound, task: Task): Promise<void> {
  const { round, regeneration } = command;
  const { members, askFirst, answerFormat } = task.spec;
  const tools = offeredTools(task.spec.toolsJson);
  let asked = votersOf(members.slice(0, askFirst));
  await task.emit({ type: "round_started", round, regeneration, voters: asked.length });
  const begun = task.elapsed();
  const heard = new Set<string>();
  const hedged = new Set<string>();
  let usable = 0;
  let end: RoundEnded | undefined;
  try {
    for await (const response of task.clients.rounds.runRound(requestOf(command, task), task.callOptions())) {
      const event = fromProtoRoundResponse(round, response);
      if (event.type === "delta") {
        task.memberText?.(event.delta);
        continue;
      }
      if (event.type === "round_ended") {
        // The next command ends this call, so its stream is read to the end first.
        end = event;
        continue;
      }
      await task.emit(event);
      if (event.type === "rest_asked") asked = votersOf(members);
      if (event.type === "member_hedged") hedged.add(keyOf(event.voter));
      if (!isMemberEvent(event)) continue;
      heard.add(keyOf(event.voter));
      if (event.type === "member_answered" && isUsable(event.completion, answerFormat, tools)) usable += 1;
    }
    if (end === undefined) throw new Error("the round's stream ended without an end");
    await task.emit(end);
  } catch (error) {
    const failure = await task.failureOf(error);
    if (failure === null) return;
    const latencyMs = Math.round(task.elapsed() - begun);
    // Whoever was asked may be paid for, though nobody can say how much.
    const usage = fromProtoSpent(spentOf(error))?.usage ?? null;
    for (const voter of asked.filter((one) => !heard.has(keyOf(one)))) {
      const attempts = hedged.has(keyOf(voter)) ? 2 : 1;
      await task.emit({ type: "member_failed", round, voter, failure, usage, attempts, latencyMs });
    }
    const { quorum } = task.spec;
    const stop = usable >= quorum ? "complete" : "quorum_lost";
    await task.emit({ type: "round_ended", round, stop, usable, quorum });
  }
}

function requestOf(command: AskRound, { spec, memberText }: Task): RunRoundRequest {
  return create(RunRoundRequestSchema, {
    members: spec.members.map(toProtoMember),
    messages: toProtoMessages(command.messages),
    quorum: spec.quorum,
    grace: toProtoDuration(spec.graceMs, "grace_ms"),
    stopRule: toProtoStopRule(spec.stopEarly),
    stopConfidence: spec.stopConfidence,
    statistic: toProtoStatistic(strategies[spec.aggregation.strategy].statistic ?? "plurality"),
    askFirst: spec.askFirst,
    hedge: toProtoHedge(spec.hedgeAfterMs),
    answerFormat: spec.answerFormat,
    responseFormat:
      spec.responseFormat === undefined ? undefined : toProtoResponseFormat(spec.responseFormat),
    toolsJson: spec.toolsJson ?? "",
    streamText: memberText !== undefined,
  });
}

const keyOf = (voter: Voter): string => `${voter.member}/${voter.sample}`;
