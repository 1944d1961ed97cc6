import {
  type AggregationSpec,
  type JudgeSpec,
  type MemberSpec,
  type Message,
  type ResponseFormat,
  type RunSpec,
  type Sampling,
  type StrategyName,
  strategies,
} from "@synod/consensus";
import { checkPreset, votersOf } from "./check-preset.js";
import { checkWanted } from "./check-wanted.js";
import { fittingStrategy } from "./fitting-strategy.js";
import { SettingsError } from "./mistakes.js";
import { familyOf, parseModelId, qualifyModelId } from "./model-id.js";
import { checkTightened, overridePath, withOverride } from "./override.js";
import { type Override, type Preset, presetDefaults as d } from "./schema/preset.js";
import type { Limits } from "./settings.js";
import { improvementPrompt } from "./shipped-presets.js";
import { usdToNanos } from "./usd.js";

/** What a run's settings are resolved with. */
export interface ResolveOptions {
  /** The configured providers: their ids are prefixes of models' ids. */
  readonly providers: readonly { readonly id: string; readonly simulated: boolean }[];
  readonly limits: Limits;
  /** Shuffles labels, 0 to 2^32 - 1. */
  readonly seed: number;
  /** What the request changes of the preset. */
  readonly override?: Override | undefined;
  /** How the request wants models to write: it replaces what the preset says of members and aggregator. */
  readonly sampling?: Sampling | undefined;
  /** The shape that the request wants the answer to have. */
  readonly responseFormat?: ResponseFormat | undefined;
  /** The request's `tools` and what goes with it, a JSON object as text. */
  readonly toolsJson?: string | undefined;
  /** The caller's own patience in milliseconds. It shortens the preset's deadline, never lengthens it. */
  readonly deadlineMs?: number | undefined;
}

const majorityOf = (count: number) => Math.floor(count / 2) + 1;

/**
 * Makes the settings of one run: preset, then the request's sampling, then its `consensus` object, then defaults.
 *
 * @throws {SettingsError} when the request asks for what the preset or the operator's limits do not allow; paths begin
 * with `consensus`, or name the field of the request that the strategy cannot honour.
 */
export function resolveSpec(preset: Preset, name: string, options: ResolveOptions): RunSpec {
  const override = options.override ?? {};
  const asked = withOverride(preset, override);
  const ids = options.providers.map(({ id }) => id);
  const context = { limits: options.limits, providers: ids, source: "", prefix: [overridePath] };
  const strategy = fittingStrategy(preset.aggregation?.strategy, override.aggregation?.strategy, options);
  const mistakes = [
    ...checkTightened(preset, override),
    ...checkPreset(asked, context),
    ...checkWanted(strategy, name, options),
  ];
  if (mistakes.length > 0) throw new SettingsError(mistakes);

  const ownMembers = override.members !== undefined;
  const members = asked.members.map((member) => resolveMember(member, ids, options.sampling, ownMembers));
  const simulated = new Set(options.providers.filter((provider) => provider.simulated).map(({ id }) => id));
  const isSimulated = (model: string): boolean => simulated.has(parseModelId(model, ids).provider);
  const aggregation = resolveAggregation(asked, strategy, members, override, ids, options.sampling);
  const judge = resolveJudge(asked, strategy, ids, options.limits);
  const models = [
    ...members.flatMap(({ model, fallbacks }) => [model, ...fallbacks]),
    aggregation.model,
    ...judge.models,
  ];
  const simulatedModels = [...new Set(models)].filter(isSimulated);
  const deadlineMs = asked.deadline_ms ?? d.deadlineMs;
  const responseFormat = options.responseFormat?.type === "text" ? undefined : options.responseFormat;
  // Where values of JSON are agreed on, any further answer can change one.
  const isDecidable = strategies[strategy].statistic !== undefined && responseFormat === undefined;
  return {
    preset: name,
    members,
    quorum: asked.quorum ?? majorityOf(votersOf(members)),
    graceMs: asked.grace_ms ?? d.graceMs,
    deadlineMs: Math.min(deadlineMs, options.deadlineMs ?? deadlineMs),
    stopEarly: asked.stop_early ?? (isDecidable ? "lossless" : "off"),
    stopConfidence: asked.stop_confidence ?? d.stopConfidence,
    askFirst: asked.ask_first ?? members.length,
    hedgeAfterMs: asked.hedge_after_ms ?? d.hedgeAfterMs,
    answerFormat: responseFormat === undefined ? (asked.answer_format ?? d.answerFormat) : "json",
    rounds: { max: asked.rounds?.max ?? d.roundsMax, stopWhen: asked.rounds?.stop_when ?? d.stopWhen },
    improvementPrompt: asked.improvement_prompt ?? improvementPrompt,
    aggregatedPromptType: asked.aggregated_prompt_type ?? d.aggregatedPromptType,
    aggregation,
    judge,
    budget: resolveBudget(asked),
    seed: options.seed,
    simulated: members.some(({ model }) => isSimulated(model)),
    ...(simulatedModels.length > 0 && { simulatedModels }),
    ...(responseFormat !== undefined && { responseFormat }),
    ...(options.toolsJson !== undefined && { toolsJson: options.toolsJson }),
  };
}

type WrittenSampling = Pick<Preset["members"][number], "max_tokens" | "temperature" | "seed">;

function samplingOf(written: WrittenSampling): Sampling {
  return {
    ...(written.max_tokens === undefined ? {} : { maxOutputTokens: written.max_tokens }),
    ...(written.temperature === undefined ? {} : { temperature: written.temperature }),
    ...(written.seed === undefined ? {} : { seed: written.seed }),
  };
}

function resolveMember(
  member: Preset["members"][number],
  providers: readonly string[],
  requested: Sampling | undefined,
  ownMembers: boolean,
): MemberSpec {
  const written = samplingOf(member);
  return {
    model: qualifyModelId(member.model, providers),
    sampling: ownMembers ? { ...requested, ...written } : { ...written, ...requested },
    weight: member.weight ?? d.weight,
    ...(member.accuracy != null && { accuracy: member.accuracy }),
    samples: member.samples ?? d.samples,
    fallbacks: (member.fallbacks ?? []).map((id) => qualifyModelId(id, providers)),
    family: member.family ?? familyOf(member.model, providers),
  };
}

function resolveAggregation(
  preset: Preset,
  strategy: StrategyName,
  members: readonly MemberSpec[],
  override: Override,
  providers: readonly string[],
  requested: Sampling | undefined,
): AggregationSpec {
  const written = preset.aggregation ?? {};
  const model = written.model ?? members[0]?.model ?? "";
  return {
    strategy,
    model: qualifyModelId(model, providers),
    sampling: { ...samplingOf(written), ...requested, ...samplingOf(override.aggregation ?? {}) },
    context: (written.context ?? []).map(messageOf),
    prompt: (written.prompt ?? []).map(messageOf),
    when: written.when ?? d.when,
    ...(strategy === "layered" && { layers: written.layers ?? d.layers }),
  };
}

function messageOf(message: { readonly role: Message["role"]; readonly content: string }): Message {
  return { role: message.role, parts: [{ type: "text", text: message.content }] };
}

function resolveJudge(
  preset: Preset,
  strategy: StrategyName,
  providers: readonly string[],
  limits: Limits,
): JudgeSpec {
  const written = preset.judge ?? {};
  // The preset was checked with its own strategy. One that took its place may say the same again.
  const isOwn = strategy === (preset.aggregation?.strategy ?? d.strategy);
  const isMadeAnew = isOwn || strategies[strategy].needsModel;
  const models = (written.models ?? []).map((id) => qualifyModelId(id, providers));
  return {
    mode: written.mode ?? d.judgeMode,
    models,
    votesNeeded: written.votes_needed ?? majorityOf(models.length),
    maxRegenerations: written.max_regenerations ?? Math.min(d.maxRegenerations, limits.regenerations),
    regenerate: isMadeAnew ? (written.regenerate ?? d.regenerate) : "round",
    whenDown: written.when_down ?? d.whenDown,
  };
}

function resolveBudget(preset: Preset): RunSpec["budget"] {
  const { max_cost_usd: cost, max_output_tokens: tokens } = preset.budget ?? {};
  return {
    ...(cost === undefined ? {} : { maxCostUsdNanos: usdToNanos(cost) }),
    ...(tokens === undefined ? {} : { maxOutputTokens: tokens }),
  };
}
