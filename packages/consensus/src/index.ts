export { type Ballot, castBallots, isUnanimous } from "./answers/ballots.js";
export type { Abstention, AbstentionReason } from "./answers/abstention.js";
export { type AnswerKind, extractAnswer, type Extraction } from "./answers/extract.js";
export { offeredTools, type OfferedTools, toolSchemas } from "./answers/offered-tools.js";
export { toolCallsText } from "./answers/tool-calls.js";
export type { AnswerFormat } from "./answers/format.js";
export { normaliseText } from "./answers/plain-text.js";
export { answerIn, type CompletionContent, isRefusal, isUsable } from "./answers/usable.js";
export { type Correlation, effectiveVotes, type Kinship, withShares } from "./confidence/correlation.js";
export { confidenceOf, type Reliability } from "./confidence/confidence.js";
export { influences } from "./confidence/influence.js";
export { type BoundedShare, clopperPearson, selectorBound } from "./confidence/beta-bound.js";
export { posteriorOf } from "./confidence/posterior.js";
export { eligibleJudges, type JudgeSeat, winnersOf } from "./judging/eligible.js";
export { juryFindings, juryVerdict, verdictOf } from "./judging/jury.js";
export { parseJudgement } from "./judging/parse.js";
export { judgePrompt, type JudgeQuestion, repairPrompt } from "./judging/prompt.js";
export { judgementSchemaJson } from "./judging/schema.js";
export type { Finding, Judgement, JudgeVote, Verdict } from "./judging/verdict.js";
export { MAX_REPLY_CHARS, type ParseFailure } from "./replies/json-reply.js";
export { withoutShape } from "./replies/json-sampling.js";
export { callsGoingOn, foretoldCalls } from "./run/aggregation-calls.js";
export type { RunCommand } from "./run/command.js";
export type { ContentPart, Message, Role, ToolCall } from "./run/conversation.js";
export type { Completion, FinishReason, RoundStop, RunEvent, RunResult, RunStop } from "./run/event.js";
export { callerLeft, type Failure, type FailureReason } from "./run/failure.js";
export { isMemberEvent } from "./run/member-event.js";
export { improvementConversation, improvementMessages, type ImprovementSettings } from "./run/improvement.js";
export { conversationText, textMessage } from "./run/message-text.js";
export type { NextStep } from "./run/moves.js";
export { nextStep } from "./run/next-step.js";
export { type Degradation, type MemberRecord, recordOf, type RunRecord } from "./run/record.js";
export {
  type CountedVote,
  type Replay,
  replay,
  type ReplayOptions,
  type RoundOutcome,
} from "./run/replay.js";
export type { ResponseFormat, Sampling } from "./run/sampling.js";
export type { AggregationSpec, JudgeSpec, MemberSpec, RunSpec } from "./run/spec.js";
export { type Spending, spendingOf } from "./run/spending.js";
export { type Course, type Draft, newRun, type RunState } from "./run/state.js";
export { voterCount, votersOf } from "./run/voters.js";
export { addUsage, noUsage, type Spent, unknownUsage, type Usage } from "./run/usage.js";
export { type ConfidentRule, confidentStop } from "./stopping/confident.js";
export { losslessStop, type VotesSoFar } from "./stopping/lossless.js";
export { outstandingVoters, roundStep } from "./stopping/round-progress.js";
export {
  newRound,
  type RoundDecision,
  type RoundHappening,
  type RoundProgress,
  type RoundRules,
} from "./stopping/round-rules.js";
export { isSchema } from "./schema/schema.js";
export { SCHEMA_LIMITS, schemaExcess } from "./schema/size.js";
export { DEFAULT_LAYERS } from "./strategies/layered.js";
export { strategies } from "./strategies/registry.js";
export { seeded } from "./strategies/seeded.js";
export type {
  AggregationInput,
  Answer,
  Contribution,
  FieldAgreement,
  ModelPrompt,
  Outcome,
  Prompt,
  Reply,
  Step,
  Strategy,
  StrategyName,
  Vote,
  Voter,
} from "./strategies/strategy.js";
export { voteOutcome, votesBy } from "./strategies/vote-outcome.js";
export { itemTexts, memberTexts, objectText } from "./text/json-text.js";
export { MAX_ANSWER_CHARS } from "./text/shown-answer.js";
export { borda, type Ranking } from "./voting/borda.js";
export type { Candidate, CandidateStanding } from "./voting/candidate.js";
export { condorcetWinner } from "./voting/condorcet.js";
export { copeland } from "./voting/copeland.js";
export { type Duel, duelsOf } from "./voting/duel.js";
export { byScores, type Score, type ScoreSheet } from "./voting/scores.js";
export { agreementBy, isTie, standingsBy, type Statistic } from "./voting/statistic.js";
export { type Standing, standings } from "./voting/tally.js";
export { TRUNCATED_SHARE, type Voice, weightedStandings } from "./voting/weighted.js";
