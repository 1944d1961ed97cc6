export type {
  Completion,
  ContentPart,
  Failure,
  FailureReason,
  FinishReason,
  Message,
  Outcome,
  ResponseFormat,
  Role,
  RunEvent,
  RunSpec,
  Sampling,
  ToolCall,
  Usage,
  Voter,
} from "@synod/consensus";
export type { ReadMemberRecord as MemberRecord } from "@synod/mapping";
export type { ChatAnswer, Consensus } from "./answer.js";
export { createSynodClient, type RunEventsOptions, type SynodClient } from "./create-client.js";
export { type ClientFault, type ErrorCode, type ErrorFacts, SynodClientError } from "./error.js";
export type { ChatEvent, LoggedEvent, MemberDelta } from "./events.js";
export type { Model } from "./models.js";
export type { CallOptions, ClientOptions } from "./options.js";
export type { ChatMessage, ChatRequest, JsonObject } from "./question.js";
export type { Run, RunAnswer, RunFilter, RunPage, RunStatus } from "./runs.js";
