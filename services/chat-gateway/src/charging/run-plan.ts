import {
  foretoldCalls,
  MAX_ANSWER_CHARS,
  type MemberSpec,
  type Message,
  type RunSpec,
} from "@synod/consensus";
import type { Candidate, Plan, PlannedCall, PlannedStep } from "./plan.js";
import { bytesOf } from "./text-bytes.js";

/** What a shipped prompt adds to what it shows, in bytes. The longest has less. */
export const promptBytes = 8_192;
/**
 * What a reply counts for that is read and not shown, a verdict or a ranking, in tokens. It is asked for without a limit,
 * since one that is cut says nothing.
 */
const unshownTokens = 8_192;
/** A judge is asked once more when its reply cannot be read. */
const callsPerJudge = 2;
/** Bytes of a token that was written, for whom it is shown to. */
const bytesPerToken = 4;

/** The most bytes of an answer that is shown: a UTF-16 unit has three at most. */
const maxAnswerBytes = 3 * MAX_ANSWER_CHARS;

/** Strategies whose prompts ask for JSON that is not shown. */
const readsJson: ReadonlySet<string> = new Set(["analysis", "most_consistent", "best_of", "ranked"]);
/** Strategies that ask members too. */
const asksMembers: ReadonlySet<string> = new Set(["ranked", "layered"]);

/**
 * The most that may be asked for a run, as it can be foretold from its settings: rounds x (voters + aggregation), the
 * judges, and as much again for each regeneration.
 */
export function planOfRun(spec: RunSpec, messages: readonly Message[]): Plan {
  const { members, rounds, judge, aggregation, budget } = spec;
  const sentBytes = bytesOf(messages) + shapeBytes(spec);
  const regenerations = judge.mode === "gate" ? judge.maxRegenerations : 0;
  const roundsAgain = judge.regenerate === "round" ? regenerations : 0;
  const answer = answerBytes(aggregation.sampling.maxOutputTokens);
  const laterBytes = sentBytes + answer + Buffer.byteLength(spec.improvementPrompt) + promptBytes;
  const steps: readonly PlannedStep[] = [
    { calls: members.map((member) => callOf(member, sentBytes, spec)), times: 1 },
    { calls: aggregatorCalls(spec, sentBytes), times: rounds.max + regenerations },
    { calls: judgeCalls(spec, sentBytes), times: 1 + regenerations },
    { calls: members.map((member) => callOf(member, laterBytes, spec)), times: rounds.max - 1 + roundsAgain },
  ];
  return {
    steps: steps.filter(({ calls, times }) => calls.length > 0 && times > 0),
    sentBytes,
    ownBudgetUsdNanos: budget.maxCostUsdNanos,
  };
}

/** A member that lets its round wait is asked beside a fallback. */
function callOf(member: MemberSpec, inputBytes: number, { hedgeAfterMs }: RunSpec): PlannedCall {
  const { samples, fallbacks } = member;
  const isHedged = hedgeAfterMs !== null && fallbacks.length > 0;
  return { candidates: candidatesOf(member), inputBytes, times: samples * (isHedged ? 2 : 1) };
}

function candidatesOf({ model, fallbacks, sampling: { maxOutputTokens } }: MemberSpec): readonly Candidate[] {
  return [model, ...fallbacks].map((id) => ({ model: id, maxOutputTokens }));
}

function aggregatorCalls(spec: RunSpec, sentBytes: number): readonly PlannedCall[] {
  const times = foretoldCalls(spec);
  if (times === 0) return [];
  const { strategy, model, sampling, context, prompt } = spec.aggregation;
  const { maxOutputTokens } = sampling;
  const shown = spec.members.reduce(
    (sum, member) => sum + member.samples * answerBytes(member.sampling.maxOutputTokens),
    0,
  );
  const own = bytesOf([...context, ...prompt]);
  const candidates: readonly Candidate[] = [
    { model, maxOutputTokens },
    ...(readsJson.has(strategy) ? [{ model, maxOutputTokens: unshownTokens }] : []),
    ...(asksMembers.has(strategy) ? spec.members.flatMap((member) => membersAgain(member, strategy)) : []),
  ];
  const inputBytes = sentBytes + shown + answerBytes(maxOutputTokens) + own + promptBytes;
  return [{ candidates, inputBytes, times }];
}

function membersAgain(member: MemberSpec, strategy: string): readonly Candidate[] {
  const candidates = candidatesOf(member);
  if (!readsJson.has(strategy)) return candidates;
  return candidates.map(({ model }) => ({ model, maxOutputTokens: unshownTokens }));
}

function judgeCalls({ judge, aggregation }: RunSpec, sentBytes: number): readonly PlannedCall[] {
  if (judge.mode === "off") return [];
  const inputBytes = sentBytes + answerBytes(aggregation.sampling.maxOutputTokens) + promptBytes;
  return judge.models.map((model) => ({
    candidates: [{ model, maxOutputTokens: unshownTokens }],
    inputBytes,
    times: callsPerJudge,
  }));
}

/** What an answer counts for where it is shown. */
function answerBytes(maxOutputTokens: number | undefined): number {
  return maxOutputTokens === undefined
    ? maxAnswerBytes
    : Math.min(maxAnswerBytes, maxOutputTokens * bytesPerToken);
}

/** The shape and the tools that every member is told of. */
function shapeBytes({ responseFormat, toolsJson = "" }: RunSpec): number {
  const schema = responseFormat?.type === "json_schema" ? responseFormat.schemaJson : "";
  return Buffer.byteLength(schema + toolsJson);
}
