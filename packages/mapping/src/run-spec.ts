import { create } from "@bufbuild/protobuf";
import type { AggregationSpec, JudgeSpec, MemberSpec, RunSpec } from "@synod/consensus";
import {
  AggregationSpecSchema,
  JudgeMode,
  JudgeSpecSchema,
  MemberSpecSchema,
  type AggregationSpec as ProtoAggregationSpec,
  type JudgeSpec as ProtoJudgeSpec,
  type MemberSpec as ProtoMemberSpec,
  type RunSpec as ProtoRunSpec,
  RunSpecSchema,
} from "@synod/contracts/chat";
import { Role } from "@synod/contracts/model";
import { fromProtoAnswerFormat } from "./answer-format.js";
import { fromTable } from "./enum.js";
import { fromProtoMessages, toProtoMessages, toProtoRole } from "./message.js";
import { required } from "./required.js";
import {
  fromProtoResponseFormat,
  fromProtoSampling,
  toProtoResponseFormat,
  toProtoSampling,
} from "./sampling.js";
import { fromProtoDuration, toBigInt, toCount, toNumber, toProtoDuration } from "./scalar.js";
import { fromProtoHedge, fromProtoStopRule, toProtoHedge, toProtoStopRule } from "./stopping.js";
import { fromProtoStrategy, toProtoStrategy } from "./strategy.js";

const modesToProto = {
  off: JudgeMode.OFF,
  annotate: JudgeMode.ANNOTATE,
  gate: JudgeMode.GATE,
} as const satisfies Record<JudgeSpec["mode"], JudgeMode>;

const modesFromProto = {
  [JudgeMode.UNSPECIFIED]: null,
  [JudgeMode.OFF]: "off",
  [JudgeMode.ANNOTATE]: "annotate",
  [JudgeMode.GATE]: "gate",
} as const satisfies Record<JudgeMode, JudgeSpec["mode"] | null>;

const aggregatedRoles = {
  [Role.UNSPECIFIED]: null,
  [Role.SYSTEM]: "system",
  [Role.DEVELOPER]: null,
  [Role.USER]: "user",
  [Role.ASSISTANT]: "assistant",
  [Role.TOOL]: null,
} as const satisfies Record<Role, RunSpec["aggregatedPromptType"] | null>;

/**
 * The settings of a run as the contract has them.
 *
 * @throws MappingError when a figure is no whole number where one is needed.
 */
export function toProtoRunSpec(spec: RunSpec): ProtoRunSpec {
  const { maxCostUsdNanos, maxOutputTokens } = spec.budget;
  return create(RunSpecSchema, {
    preset: spec.preset,
    members: spec.members.map(toProtoMemberSpec),
    quorum: spec.quorum,
    grace: toProtoDuration(spec.graceMs, "run_spec.grace"),
    deadline: toProtoDuration(spec.deadlineMs, "run_spec.deadline"),
    stopRule: toProtoStopRule(spec.stopEarly),
    stopConfidence: spec.stopConfidence,
    askFirst: spec.askFirst,
    hedge: toProtoHedge(spec.hedgeAfterMs),
    answerFormat: spec.answerFormat,
    maxRounds: spec.rounds.max,
    everyRound: spec.rounds.stopWhen === "never",
    improvementPrompt: spec.improvementPrompt,
    aggregatedPromptRole: toProtoRole(spec.aggregatedPromptType),
    aggregation: toProtoAggregationSpec(spec.aggregation),
    judge: toProtoJudgeSpec(spec.judge),
    seed: spec.seed,
    simulated: spec.simulated,
    simulatedModels: [...(spec.simulatedModels ?? [])],
    responseFormat:
      spec.responseFormat === undefined ? undefined : toProtoResponseFormat(spec.responseFormat),
    toolsJson: spec.toolsJson ?? "",
    maxCostUsdNanos:
      maxCostUsdNanos === undefined ? undefined : toBigInt(maxCostUsdNanos, "run_spec.max_cost_usd_nanos"),
    maxOutputTokens:
      maxOutputTokens === undefined ? undefined : toCount(maxOutputTokens, "run_spec.max_output_tokens"),
  });
}

/**
 * The settings of a run from the contract.
 *
 * @throws MappingError when something in them is unset or unknown.
 */
export function fromProtoRunSpec(spec: ProtoRunSpec): RunSpec {
  const { maxCostUsdNanos, maxOutputTokens } = spec;
  return {
    preset: spec.preset,
    members: spec.members.map(fromProtoMemberSpec),
    quorum: spec.quorum,
    graceMs: fromProtoDuration(required(spec.grace, "run_spec.grace")),
    deadlineMs: fromProtoDuration(required(spec.deadline, "run_spec.deadline")),
    stopEarly: fromProtoStopRule(spec.stopRule),
    stopConfidence: spec.stopConfidence ?? 0.95,
    askFirst: spec.askFirst === 0 ? spec.members.length : spec.askFirst,
    hedgeAfterMs: fromProtoHedge(spec.hedge),
    answerFormat: fromProtoAnswerFormat(spec.answerFormat),
    rounds: { max: spec.maxRounds, stopWhen: spec.everyRound ? "never" : "stable" },
    improvementPrompt: spec.improvementPrompt,
    aggregatedPromptType: fromTable<Role, RunSpec["aggregatedPromptType"]>(
      aggregatedRoles,
      spec.aggregatedPromptRole,
      "run_spec.aggregated_prompt_role",
    ),
    aggregation: fromProtoAggregationSpec(required(spec.aggregation, "run_spec.aggregation")),
    judge: fromProtoJudgeSpec(required(spec.judge, "run_spec.judge")),
    budget: {
      ...(maxCostUsdNanos !== undefined && {
        maxCostUsdNanos: toNumber(maxCostUsdNanos, "run_spec.max_cost_usd_nanos"),
      }),
      ...(maxOutputTokens !== undefined && {
        maxOutputTokens: toNumber(maxOutputTokens, "run_spec.max_output_tokens"),
      }),
    },
    seed: spec.seed,
    simulated: spec.simulated,
    ...(spec.simulatedModels.length > 0 && { simulatedModels: [...spec.simulatedModels] }),
    ...(spec.responseFormat !== undefined && {
      responseFormat: fromProtoResponseFormat(spec.responseFormat),
    }),
    ...(spec.toolsJson !== "" && { toolsJson: spec.toolsJson }),
  };
}

function toProtoMemberSpec(member: MemberSpec): ProtoMemberSpec {
  return create(MemberSpecSchema, {
    model: member.model,
    sampling: toProtoSampling(member.sampling),
    weight: member.weight,
    samples: member.samples,
    fallbacks: [...member.fallbacks],
    family: member.family,
    accuracy: member.accuracy,
  });
}

function fromProtoMemberSpec(member: ProtoMemberSpec): MemberSpec {
  return {
    model: member.model,
    sampling: fromProtoSampling(member.sampling),
    weight: member.weight,
    samples: member.samples,
    fallbacks: [...member.fallbacks],
    family: member.family,
    ...(member.accuracy !== undefined && { accuracy: member.accuracy }),
  };
}

function toProtoAggregationSpec(spec: AggregationSpec): ProtoAggregationSpec {
  return create(AggregationSpecSchema, {
    strategy: toProtoStrategy(spec.strategy),
    model: spec.model,
    sampling: toProtoSampling(spec.sampling),
    context: toProtoMessages(spec.context),
    prompt: toProtoMessages(spec.prompt),
    onlyOnDisagreement: spec.when === "disagree",
    layers: spec.layers ?? 0,
  });
}

function fromProtoAggregationSpec(spec: ProtoAggregationSpec): AggregationSpec {
  return {
    strategy: fromProtoStrategy(spec.strategy),
    model: spec.model,
    sampling: fromProtoSampling(spec.sampling),
    context: fromProtoMessages(spec.context),
    prompt: fromProtoMessages(spec.prompt),
    when: spec.onlyOnDisagreement ? "disagree" : "always",
    ...(spec.layers > 0 && { layers: spec.layers }),
  };
}

function toProtoJudgeSpec(spec: JudgeSpec): ProtoJudgeSpec {
  return create(JudgeSpecSchema, {
    mode: modesToProto[spec.mode],
    models: [...spec.models],
    votesNeeded: spec.votesNeeded,
    maxRegenerations: spec.maxRegenerations,
    regenerateAggregationOnly: spec.regenerate === "aggregate",
    failWhenDown: spec.whenDown === "fail",
  });
}

function fromProtoJudgeSpec(spec: ProtoJudgeSpec): JudgeSpec {
  return {
    mode: fromTable<JudgeMode, JudgeSpec["mode"]>(modesFromProto, spec.mode, "judge.mode"),
    models: [...spec.models],
    votesNeeded: spec.votesNeeded,
    maxRegenerations: spec.maxRegenerations,
    regenerate: spec.regenerateAggregationOnly ? "aggregate" : "round",
    whenDown: spec.failWhenDown ? "fail" : "answer",
  };
}
