import type { Failure, RunRecord, RunResult, ToolCall } from "@synod/consensus";
import type { FinishedRun } from "./runner/run-so-far.js";

/** What a run has for its caller: an answer, a refusal that all members share, or a failure. */
export type RunEnding =
  | {
      readonly type: "answer";
      /** Empty when it is calls of tools. */
      readonly text: string;
      /** The calls of tools that it is; none when it is a text. */
      readonly toolCalls: readonly ToolCall[];
      readonly finishReason: "stop" | "length" | "tool_calls";
    }
  | { readonly type: "refusal"; readonly text: string; readonly finishReason: "content_filter" }
  | { readonly type: "failure"; readonly failure: Failure };

/**
 * What to tell the caller of a run.
 *
 * @param sent What of the answer has gone out already. It cannot be taken back, so another answer is a failure.
 */
export function endingOf({ result, record, cut }: FinishedRun, sent = ""): RunEnding {
  switch (result.status) {
    case "completed":
      if (result.answer.startsWith(sent)) return answerOf(result, cut);
      return { type: "failure", failure: brokenOff(record.stopped === "deadline") };
    case "failed":
      if (result.failure.reason !== "refused" || sent !== "")
        return { type: "failure", failure: result.failure };
      return { type: "refusal", text: result.failure.message, finishReason: "content_filter" };
    case "cancelled":
      return { type: "failure", failure: result.failure };
    default:
      return result satisfies never;
  }
}

function answerOf(
  { answer: text, toolCalls = [] }: Extract<RunResult, { readonly status: "completed" }>,
  cut: boolean,
): RunEnding {
  const end = cut ? "length" : "stop";
  return { type: "answer", text, toolCalls, finishReason: toolCalls.length > 0 ? "tool_calls" : end };
}

function brokenOff(byDeadline: boolean): Failure {
  return byDeadline
    ? {
        reason: "deadline_exceeded",
        message: "The deadline passed while the answer was written.",
        retryable: true,
      }
    : { reason: "aggregator_unavailable", message: "The aggregator failed while it wrote.", retryable: true };
}

/** A run's failure as its caller is told it. Asking again would pay again: it is retryable only where nothing was paid. */
export function toldFailure({ retryAfterMs, ...failure }: Failure, record: RunRecord): Failure {
  const retryable = failure.retryable && !wasPaid(record);
  return { ...failure, retryable, ...(retryable && retryAfterMs !== undefined && { retryAfterMs }) };
}

/** Whether something was, or may have been, paid for a run. */
export function wasPaid({ usage }: RunRecord): boolean {
  return usage.inputTokens + usage.outputTokens > 0 || usage.costUsdNanos !== 0;
}
