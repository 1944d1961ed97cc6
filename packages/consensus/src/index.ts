export type { AnswerFormat } from "./answers/format.js";
export type { Finding, Judgement, JudgeVote, Verdict } from "./judging/verdict.js";
export type { RunCommand } from "./run/command.js";
export type { ContentPart, Message, Role, ToolCall } from "./run/conversation.js";
export type { Completion, FinishReason, RoundStop, RunEvent, RunResult, RunStop } from "./run/event.js";
export type { Failure, FailureReason } from "./run/failure.js";
export { type Degradation, type MemberRecord, recordOf, type RunRecord } from "./run/record.js";
export type { ResponseFormat, Sampling } from "./run/sampling.js";
export type { AggregationSpec, JudgeSpec, MemberSpec, RunSpec } from "./run/spec.js";
export { newRun, nextStep, type RunState } from "./run/state.js";
export { addUsage, noUsage, type Usage } from "./run/usage.js";
export type {
  AggregationInput,
  Answer,
  Outcome,
  Prompt,
  Reply,
  Step,
  Strategy,
  StrategyName,
  Vote,
  Voter,
} from "./strategies/strategy.js";
