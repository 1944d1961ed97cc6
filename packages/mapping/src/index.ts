export {
  fromProtoAggregator,
  fromProtoAggregatorCalled,
  toProtoAggregator,
  toProtoAggregatorCalled,
} from "./aggregator.js";
export { fromProtoAnswer, toProtoAnswer } from "./answer.js";
export { fromProtoAnswerFormat } from "./answer-format.js";
export {
  contentOfProtoCompletion,
  fromProtoCompletion,
  textOfProtoCompletion,
  toProtoCompletion,
} from "./completion.js";
export { toProtoCompletionRequest } from "./completion-request.js";
export { fromProtoFailure, fromProtoReason, toProtoFailure, toProtoReason } from "./failure.js";
export { fromProtoFinishReason, toProtoFinishReason } from "./finish-reason.js";
export { consensusJson, failureJson, usageJson } from "./json/consensus-json.js";
export { costUsd, usd } from "./json/usd.js";
export { MappingError } from "./mapping-error.js";
export {
  fromProtoMessage,
  fromProtoMessages,
  fromProtoPart,
  fromProtoRole,
  fromProtoToolCall,
  toProtoMessage,
  toProtoMessages,
  toProtoPart,
  toProtoRole,
  toProtoToolCall,
} from "./message.js";
export { fromProtoOutcome, fromProtoVote, toProtoOutcome, toProtoVote } from "./outcome.js";
export { fromProtoConsensus, type ReadMemberRecord, type ReadRecord, toProtoConsensus } from "./record.js";
export { required } from "./required.js";
export { fromProtoRoundResponse, type MemberDelta, type RoundEvent, toProtoMember } from "./round.js";
export { fromProtoRunEvent, type RunEventPlace, toProtoRunEvent } from "./run-event.js";
export { fromProtoRunSpec, toProtoRunSpec } from "./run-spec.js";
export {
  fromProtoResponseFormat,
  fromProtoSampling,
  toProtoResponseFormat,
  toProtoSampling,
} from "./sampling.js";
export { toMilliseconds, toNumber, toProtoDuration } from "./scalar.js";
export { fromProtoSpent, toProtoSpentOrUnset } from "./spent.js";
export {
  fromProtoHedge,
  fromProtoRoundStop,
  fromProtoStatistic,
  fromProtoStopRule,
  toProtoHedge,
  toProtoRoundStop,
  toProtoStatistic,
  toProtoStopRule,
} from "./stopping.js";
export { fromProtoStrategy, toProtoStrategy } from "./strategy.js";
export { fromProtoUsage, fromProtoUsageOrNull, toProtoUsage } from "./usage.js";
export {
  fromProtoFinding,
  fromProtoJudgeVote,
  fromProtoVerdict,
  fromProtoVerdictKind,
  toProtoFinding,
  toProtoJudgeVote,
  toProtoVerdict,
  toProtoVerdictKind,
} from "./verdict.js";
export { fromProtoVoter, toProtoVoter } from "./voter.js";
