import { callerLeft, type RunEvent } from "@synod/consensus";
import type { NewRun, RunLog, RunStore } from "../runs/run-store.js";

/** The first event of a run. */
export function started(text = "", preset = "default"): RunEvent {
  return {
    type: "run_started",
    messages: [{ role: "user", parts: [{ type: "text", text }] }],
    spec: {
      preset,
      members: [],
      quorum: 1,
      graceMs: 0,
      deadlineMs: 1,
      stopEarly: "off",
      stopConfidence: 0.95,
      askFirst: 1,
      hedgeAfterMs: null,
      answerFormat: "auto",
      rounds: { max: 1, stopWhen: "stable" },
      improvementPrompt: "",
      aggregatedPromptType: "system",
      aggregation: {
        strategy: "majority",
        model: "",
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
      seed: 0,
      simulated: false,
    },
  };
}

/** An event on the way. */
export const deadline: RunEvent = { type: "deadline_reached" };

/** How a run ends. */
export const ends = {
  completed: {
    type: "run_finished",
    result: { status: "completed", answer: "42", stopped: "complete" },
  },
  failed: {
    type: "run_finished",
    result: { status: "failed", failure: { reason: "internal", message: "Oh.", retryable: false } },
  },
  cancelled: { type: "run_finished", result: { status: "cancelled", failure: callerLeft } },
} as const satisfies Record<string, RunEvent>;

/** Begins a run, with its first event. */
export async function startRun(runs: RunStore, run: NewRun, preset?: string): Promise<RunLog> {
  const log = runs.begin(run);
  await log.append(started("What is 6 x 7?", preset));
  return log;
}

/** Carries out a run of three events. */
export async function doRun(
  runs: RunStore,
  run: NewRun,
  end: keyof typeof ends = "completed",
  preset?: string,
): Promise<void> {
  const log = await startRun(runs, run, preset);
  await log.append(deadline);
  await log.append(ends[end]);
}
