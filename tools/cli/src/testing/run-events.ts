import type { RunEvent, RunSpec } from "@synod/client";

const member = (model: string): RunSpec["members"][number] => ({
  model,
  sampling: {},
  weight: 1,
  samples: 1,
  fallbacks: [],
  family: model,
});

/** Settings of a run of three members. */
export function specOf(over: Partial<RunSpec> = {}): RunSpec {
  const members = over.members ?? ["sim/a", "sim/b", "sim/c"].map(member);
  return {
    preset: "default",
    members,
    quorum: 2,
    graceMs: 2_000,
    deadlineMs: 120_000,
    stopEarly: "off",
    stopConfidence: 0.95,
    askFirst: members.length,
    hedgeAfterMs: null,
    answerFormat: "auto",
    rounds: { max: 1, stopWhen: "stable" },
    improvementPrompt: "Improve it.",
    aggregatedPromptType: "system",
    aggregation: {
      strategy: "synthesis",
      model: "sim/writer",
      sampling: {},
      context: [],
      prompt: [],
      when: "always",
    },
    judge: {
      mode: "off",
      models: [],
      votesNeeded: 1,
      maxRegenerations: 0,
      regenerate: "round",
      whenDown: "answer",
    },
    budget: {},
    seed: 1,
    simulated: true,
    ...over,
  };
}

const usage = {
  inputTokens: 10,
  outputTokens: 5,
  cachedInputTokens: 0,
  reasoningTokens: 0,
  costUsdNanos: 1_000,
  estimated: false,
};

/** The first event of a run. */
export function started(spec = specOf()): RunEvent {
  const parts = [{ type: "text", text: "What is 6 x 7?" }] as const;
  return { type: "run_started", spec, messages: [{ role: "user", parts }] };
}

/** A round begins. */
export function roundStarted(voters: number, round = 1): RunEvent {
  return { type: "round_started", round, regeneration: 0, voters };
}

/** A member says a text. */
export function answered(at: number, text: string, round = 1, model = ""): RunEvent {
  return {
    type: "member_answered",
    round,
    voter: { member: at, sample: 1 },
    completion: {
      text,
      toolCalls: [],
      refusal: "",
      finishReason: "stop",
      rawFinishReason: "stop",
      model: model || `sim/${"abc"[at]}`,
      servedModel: "",
      usage,
      latencyMs: 1_200,
      firstTokenMs: 100,
      attempts: 1,
    },
  };
}

/** A member fails. */
export function failed(at: number, message: string, round = 1): RunEvent {
  const failure = { reason: "upstream_error", message, retryable: true } as const;
  return {
    type: "member_failed",
    round,
    voter: { member: at, sample: 1 },
    failure,
    usage: null,
    latencyMs: 200,
  };
}

/** A member is stopped. */
export function stopped(at: number, round = 1): RunEvent {
  return { type: "member_cancelled", round, voter: { member: at, sample: 1 }, latencyMs: 900 };
}

/** A round is over. */
export function roundEnded(usable: number, round = 1): RunEvent {
  return { type: "round_ended", round, stop: "complete", usable, quorum: 2 };
}

/** The answers became one. */
export function aggregated(answerKey: string, agreement: number | null, round = 1): RunEvent {
  return {
    type: "aggregated",
    round,
    aggregatorSkipped: false,
    outcome: {
      text: answerKey,
      answerKey,
      agreement,
      votes: [],
      promptVersion: "",
      aggregatorUnavailable: false,
    },
  };
}

/** The run ends with an answer. */
export const finished: RunEvent = {
  type: "run_finished",
  result: { status: "completed", answer: "42", stopped: "complete" },
};
