export { type CollectedSpan, type Collector, type CollectorRequest, startCollector } from "./collector.js";
export { eventually, type EventuallyOptions } from "./eventually.js";
export { createGate, type Gate } from "./gate.js";
export { findPostgres, startPostgres, type TestPostgres } from "./postgres.js";
export {
  type AskedQuestion,
  type Script,
  scriptedProviders,
  type ScriptedProviders,
  type ScriptedReply,
  scriptedEstimate,
  scriptedUsage,
} from "./scripted-providers.js";
