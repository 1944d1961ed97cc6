export { eventually, type EventuallyOptions } from "./eventually.js";
export { createGate, type Gate } from "./gate.js";
export {
  type AskedQuestion,
  type Script,
  scriptedProviders,
  type ScriptedProviders,
  type ScriptedReply,
  scriptedUsage,
} from "./scripted-providers.js";
