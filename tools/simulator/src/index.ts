/** @module The simulator of OpenRouter and Groq: for running without keys, for tests and for benchmarks. */
export { answerCheck, bankQuestions, checkAnswer } from "./bank/bank.js";
export type { SimulatorControl } from "./control/control.js";
export type { Fault, FaultKind } from "./faults/registry.js";
export type { FaultRule } from "./faults/schedule.js";
export type { CallState, KeyTrace, LedgerCall, LedgerFilter, ModelStats, Stats } from "./ledger/call.js";
export type { Latency } from "./minds/compose.js";
export type { JudgeRates } from "./minds/judge.js";
export { SIMULATION_NOTICE } from "./minds/notice.js";
export { SIMULATED_MODELS } from "./models/models.js";
export type { ModelProfile } from "./models/profile.js";
export { embeddedSimulator, type SimulatorOptions } from "./options.js";
export { startSimulator } from "./simulator.js";
export type { Simulator } from "./simulator.js";
export type { WireEndpoint, WireProvider } from "./wire/dialect.js";
