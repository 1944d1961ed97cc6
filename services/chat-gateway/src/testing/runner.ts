import { AggregationService } from "@synod/contracts/aggregation";
import { JudgeService } from "@synod/contracts/judge";
import { RoundService } from "@synod/contracts/round";
import type { RunSpec } from "@synod/consensus";
import {
  createLocalTransport,
  createRequestValidator,
  createServiceClient,
  serviceInterceptors,
} from "@synod/rpc";
import { createMemoryRunStore, type RunStore } from "@synod/run-store";
import { createLogger, createMetrics } from "@synod/telemetry";
import { anyone } from "../caller.js";
import { type Clock, systemClock } from "../clock.js";
import { createChatEvents } from "../events.js";
import { createRunner, type Runner, type RunRequest } from "../runner/runner.js";
import type { Ledger, Script } from "./script.js";
import { scriptedServices } from "./scripted-services.js";

/** A runner with scripted services behind it. */
export interface TestRunner extends AsyncDisposable {
  readonly runner: Runner;
  readonly ledger: Ledger;
  readonly store: RunStore;
}

// Compiling constraints takes long enough to be done once for all tests of a file.
const validator = createRequestValidator([]);

/** Makes a runner. */
export function startRunner(
  script: Script,
  { store = createMemoryRunStore(), clock = systemClock }: { store?: RunStore; clock?: Clock } = {},
): TestRunner {
  const logger = createLogger({ level: "silent", service: "test" });
  const metrics = createMetrics({ service: "test" });
  const services = scriptedServices(script);
  const interceptors = serviceInterceptors({ logger, metrics, service: "scripted", validator });
  const transport = createLocalTransport(services.routes, { strict: true, interceptors });
  const clients = {
    rounds: createServiceClient(RoundService, transport),
    aggregations: createServiceClient(AggregationService, transport),
    judges: createServiceClient(JudgeService, transport),
  };
  const events = createChatEvents(logger, metrics);
  const runner = createRunner({ clients, store, clock, events });
  return {
    runner,
    ledger: services.ledger,
    store,
    async [Symbol.asyncDispose]() {
      await runner[Symbol.asyncDispose]();
      await transport[Symbol.asyncDispose]();
    },
  };
}

/** Settings of a run: three members, a vote, no judge, unless said otherwise. */
export function specOf(changes: Partial<RunSpec> = {}): RunSpec {
  const member = { sampling: {}, weight: 1, samples: 1, fallbacks: [] };
  const members = ["a", "b", "c"].map((name) => ({ ...member, model: `sim/${name}`, family: name }));
  return {
    preset: "default",
    members,
    quorum: 2,
    graceMs: 2_000,
    deadlineMs: 10_000,
    stopEarly: "off",
    stopConfidence: 0.95,
    askFirst: changes.members?.length ?? members.length,
    hedgeAfterMs: null,
    answerFormat: "auto",
    rounds: { max: 1, stopWhen: "stable" },
    improvementPrompt: "Improve.",
    aggregatedPromptType: "system",
    aggregation: { strategy: "majority", model: "", sampling: {}, context: [], prompt: [], when: "always" },
    judge: {
      mode: "off",
      models: [],
      votesNeeded: 1,
      maxRegenerations: 2,
      regenerate: "round",
      whenDown: "answer",
    },
    budget: {},
    seed: 7,
    simulated: true,
    simulatedModels: ["a", "b", "c", "d", "synthesiser", "judge"].map((name) => `sim/${name}`),
    ...changes,
  };
}

/** `aggregation` settings that ask a model. */
export const synthesis: RunSpec["aggregation"] = {
  strategy: "synthesis",
  model: "sim/synthesiser",
  sampling: {},
  context: [],
  prompt: [],
  when: "always",
};

/** `judge` settings. */
export function judgeSpec(
  mode: "annotate" | "gate",
  changes: Partial<RunSpec["judge"]> = {},
): RunSpec["judge"] {
  const { judge } = specOf();
  return { ...judge, mode, models: ["sim/judge"], ...changes };
}

/** A run that is wanted. */
export function requestOf(
  changes: Partial<RunSpec> = {},
  signal: AbortSignal = new AbortController().signal,
): RunRequest {
  const messages = [{ role: "user", parts: [{ type: "text", text: "What is 6 x 7?" }] }] as const;
  return { spec: specOf(changes), messages, caller: anyone, requestId: "request-1", trace: {}, signal };
}
