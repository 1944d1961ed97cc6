import type { Message } from "../run/conversation.js";
import type { Completion } from "../run/event.js";
import type { Failure, FailureReason } from "../run/failure.js";
import { textMessage } from "../run/message-text.js";
import type { MemberSpec, RunSpec } from "../run/spec.js";
import { noUsage, type Usage } from "../run/usage.js";

/** The question of every scripted run. */
export const question: readonly Message[] = [
  textMessage("system", "Be brief."),
  textMessage("user", "What is 6 * 7?"),
];

/** A seat of the panel. */
export function member(model: string, over: Partial<MemberSpec> = {}): MemberSpec {
  return { model, sampling: {}, weight: 1, samples: 1, fallbacks: [], family: model, ...over };
}

type Overrides = Partial<Omit<RunSpec, "aggregation" | "judge" | "rounds">> & {
  readonly aggregation?: Partial<RunSpec["aggregation"]>;
  readonly judge?: Partial<RunSpec["judge"]>;
  readonly rounds?: Partial<RunSpec["rounds"]>;
};

/** Settings of a run: three members `m0`, `m1`, `m2`, a synthesis, one round, no judge; what is given instead. */
export function specWith({ aggregation, judge, rounds, ...over }: Overrides = {}): RunSpec {
  const members = over.members ?? ["m0", "m1", "m2"].map((model) => member(model));
  return {
    preset: "test",
    members,
    quorum: Math.floor(members.length / 2) + 1,
    graceMs: 2000,
    deadlineMs: 120_000,
    stopEarly: "off",
    stopConfidence: 0.95,
    askFirst: members.length,
    hedgeAfterMs: null,
    answerFormat: "auto",
    improvementPrompt: "Improve your answer.",
    aggregatedPromptType: "system",
    budget: {},
    seed: 7,
    simulated: false,
    ...over,
    aggregation: {
      strategy: "synthesis",
      model: "aggregator",
      sampling: {},
      context: [],
      prompt: [],
      when: "always",
      ...aggregation,
    },
    judge: {
      mode: "off",
      models: ["judge"],
      votesNeeded: 1,
      maxRegenerations: 2,
      regenerate: "round",
      whenDown: "answer",
      ...judge,
    },
    rounds: { max: 1, stopWhen: "stable", ...rounds },
  };
}

/** What one call of every script costs. */
export const callUsage: Usage = { ...noUsage, inputTokens: 10, outputTokens: 5, costUsdNanos: 100 };

/** A whole answer. */
export function completion(text: string, over: Partial<Completion> = {}): Completion {
  return {
    text,
    toolCalls: [],
    refusal: "",
    finishReason: "stop",
    rawFinishReason: "stop",
    model: "",
    servedModel: "served",
    usage: callUsage,
    latencyMs: 100,
    firstTokenMs: 20,
    attempts: 1,
    ...over,
  };
}

/** A failure that can be tried again. */
export function failure(reason: FailureReason, over: Partial<Failure> = {}): Failure {
  return { reason, message: `it is ${reason}`, retryable: true, ...over };
}
