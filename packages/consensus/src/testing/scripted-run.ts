import type { JudgeVote, Verdict } from "../judging/verdict.js";
import { verdictOf } from "../judging/jury.js";
import type { RunCommand } from "../run/command.js";
import type { Completion, RoundStop, RunEvent } from "../run/event.js";
import type { Failure } from "../run/failure.js";
import { offeredTools } from "../answers/offered-tools.js";
import { isUsable } from "../answers/usable.js";
import { nextStep } from "../run/next-step.js";
import { recordOf, type RunRecord } from "../run/record.js";
import type { RunSpec } from "../run/spec.js";
import { noUsage, type Usage } from "../run/usage.js";
import { newRun, type RunState } from "../run/state.js";
import { votersOf } from "../run/voters.js";
import { strategies } from "../strategies/registry.js";
import type { Reply } from "../strategies/strategy.js";
import { callUsage, completion, failure, question } from "./specs.js";

/** What a voter does: says a text, gives a whole completion, fails, or is cancelled. */
export type Says = string | Completion | Failure | "cancelled";

/** Who says what in a scripted run. */
export interface Script {
  /** `round` from 1; `voter` counts from 0 over members and samples. */
  readonly members: (round: number, voter: number) => Says;
  readonly roundStop?: (round: number) => RoundStop;
  /** What the aggregation's model says; a failure is the model's. By default the text of the first answer. */
  readonly aggregator?: (round: number, call: number) => string | Failure;
  /** Whether the aggregation service cannot be reached, or fails after a part of its text went out. */
  readonly aggregation?: (round: number) => "down" | "cut" | "up";
  /** What the jury says. */
  readonly judge?: (attempt: number) => Verdict["kind"] | "down";
  /** Events that come instead of doing a command. */
  readonly interrupt?: (command: RunCommand) => RunEvent | null;
}

/** What came of a scripted run. */
export interface ScriptedRun {
  readonly events: readonly RunEvent[];
  readonly commands: readonly RunCommand[];
  readonly record: RunRecord;
  readonly state: RunState;
  /** Upstream calls that were paid. */
  readonly paid: { readonly members: number; readonly aggregator: number; readonly judges: number };
}

/** Does what a run wants, with scripted answers in place of models, until it is finished. */
export function runScript(spec: RunSpec, script: Script): ScriptedRun {
  const events: RunEvent[] = [];
  const commands: RunCommand[] = [];
  const paid = { members: 0, aggregator: 0, judges: 0 };
  const queue: RunEvent[] = [{ type: "run_started", spec, messages: question }];
  let state = newRun;
  for (let event = queue.shift(); event !== undefined; event = queue.shift()) {
    events.push(event);
    const step = nextStep(state, event);
    state = step.state;
    if (step.commands.length > 1) throw new Error("more than one command at a time");
    for (const command of step.commands) {
      commands.push(command);
      if (commands.length > 200) throw new Error("the run does not end");
      const interruption = script.interrupt?.(command) ?? null;
      queue.push(...(interruption === null ? carryOut(command, spec, script, paid) : [interruption]));
    }
  }
  return { events, commands, record: recordOf(events), state, paid };
}

type Paid = { members: number; aggregator: number; judges: number };

function carryOut(command: RunCommand, spec: RunSpec, script: Script, paid: Paid): readonly RunEvent[] {
  switch (command.type) {
    case "ask_round":
      return askRound(command, spec, script, paid);
    case "aggregate":
      return aggregate(command, spec, script, paid);
    case "conclude":
      return [
        { type: "aggregated", round: command.round, outcome: command.outcome, aggregatorSkipped: true },
      ];
    case "judge":
      return [judge(command.attempt, spec, script, paid)];
    case "regenerate":
      return [{ type: "regeneration_started", regeneration: command.regeneration }];
    case "finish":
      return [{ type: "run_finished", result: command.result }];
    default:
      return command satisfies never;
  }
}

function askRound(
  { round, regeneration }: Extract<RunCommand, { readonly type: "ask_round" }>,
  spec: RunSpec,
  script: Script,
  paid: Paid,
): readonly RunEvent[] {
  const first = votersOf(spec.members.slice(0, spec.askFirst)).length;
  const agreed = script.roundStop?.(round) === "agreed";
  const voters = votersOf(spec.members).slice(0, agreed ? first : undefined);
  const events = voters.map((voter, index): RunEvent => {
    const says = script.members(round, index);
    paid.members++;
    if (says === "cancelled") return { type: "member_cancelled", round, voter, latencyMs: 5 };
    if (typeof says === "object" && "reason" in says) {
      return { type: "member_failed", round, voter, failure: says, usage: usageOf(says), latencyMs: 5 };
    }
    const whole = typeof says === "string" ? completion(says) : says;
    const model = spec.members[voter.member]?.model ?? "";
    return { type: "member_answered", round, voter, completion: { ...whole, model: whole.model || model } };
  });
  const usable = events.filter(
    (e) =>
      e.type === "member_answered" && isUsable(e.completion, spec.answerFormat, offeredTools(spec.toolsJson)),
  ).length;
  const stop = script.roundStop?.(round) ?? (usable < spec.quorum ? "quorum_lost" : "complete");
  return [
    { type: "round_started", round, regeneration, voters: first },
    ...events.slice(0, first),
    ...(voters.length > first
      ? ([{ type: "rest_asked", round, voters: voters.length - first }] as const)
      : []),
    ...events.slice(first),
    { type: "round_ended", round, stop, usable, quorum: agreed ? first : spec.quorum },
  ];
}

function aggregate(
  { round, answers }: Extract<RunCommand, { readonly type: "aggregate" }>,
  spec: RunSpec,
  script: Script,
  paid: Paid,
): readonly RunEvent[] {
  const service = script.aggregation?.(round) ?? "up";
  if (service !== "up") {
    const failed = failure("service_unavailable");
    return [{ type: "aggregation_failed", round, failure: failed, textSent: service === "cut" }];
  }
  const strategy = strategies[spec.aggregation.strategy];
  const input = {
    conversation: question,
    answers,
    answerFormat: spec.answerFormat,
    seed: 1,
    nonce: "n0nce123",
    members: spec.members,
    ...(spec.responseFormat !== undefined && { responseFormat: spec.responseFormat }),
    ...(spec.toolsJson !== undefined && { toolsJson: spec.toolsJson }),
  };
  const events: RunEvent[] = [];
  const replies: Reply[] = [];
  for (;;) {
    const step = strategy.next(input, replies);
    if ("outcome" in step) {
      return [...events, { type: "aggregated", round, outcome: step.outcome, aggregatorSkipped: false }];
    }
    for (const prompt of step.ask) {
      const said = script.aggregator?.(round, paid.aggregator) ?? answers[0]?.text ?? "";
      paid.aggregator++;
      const failed = typeof said === "string" ? null : said;
      events.push({
        type: "aggregator_called",
        round,
        model: spec.aggregation.model,
        usage: failed === null ? callUsage : usageOf(failed),
        failure: failed,
        latencyMs: 5,
        promptVersion: prompt.version,
      });
      replies.push(
        typeof said === "string"
          ? { status: "answered", text: said }
          : { status: "failed", message: said.message },
      );
    }
  }
}

function judge(attempt: number, spec: RunSpec, script: Script, paid: Paid): RunEvent {
  const says = script.judge?.(attempt) ?? "right";
  if (says === "down") return { type: "judge_failed", attempt, failure: failure("service_unavailable") };
  paid.judges += spec.judge.models.length;
  const votes = spec.judge.models.map((model) => voteFor(model, says));
  return { type: "judged", attempt, verdict: verdictOf(votes, spec.judge.votesNeeded, "validate/1") };
}

/** What a failed call used: an upstream charges nothing for an error, and is not asked at all without a key. */
function usageOf({ reason }: Failure): Usage | null {
  return unsent.includes(reason) ? null : noUsage;
}

const unsent: readonly Failure["reason"][] = [
  "provider_not_configured",
  "invalid_value",
  "overloaded",
  "inner_token",
];

/** One judge's vote, after one call. */
export function voteFor(model: string, kind: Verdict["kind"]): JudgeVote {
  const calls = [{ usage: callUsage, latencyMs: 5 }];
  if (kind === "none")
    return { model, judgement: null, failure: failure("invalid_upstream_response"), calls };
  const finding = { quote: "42", problem: "It is not 42.", severity: "major" } as const;
  const findings = kind === "wrong" ? [finding] : [];
  return { model, judgement: { verdict: kind, findings, confidence: 0.9 }, failure: null, calls };
}
