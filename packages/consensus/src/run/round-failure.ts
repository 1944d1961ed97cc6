import type { Abstention } from "../answers/abstention.js";
import { offeredTools } from "../answers/offered-tools.js";
import { isRefusal, whyUnusable } from "../answers/usable.js";
import type { Failure, FailureReason } from "./failure.js";
import type { MemberEvent } from "./member-event.js";
import type { RunSpec } from "./spec.js";

/** How many answers of a round have a vote. */
export function usableCount(events: readonly MemberEvent[], spec: RunSpec): number {
  const answered = events.filter(({ type }) => type === "member_answered").length;
  return answered - abstentionsIn(events, spec).length;
}

/** Why answers of a round have no vote: one for each of them. */
function abstentionsIn(events: readonly MemberEvent[], spec: RunSpec): readonly Abstention[] {
  const tools = offeredTools(spec.toolsJson);
  return events.flatMap((e) =>
    e.type === "member_answered" ? (whyUnusable(e.completion, spec.answerFormat, tools) ?? []) : [],
  );
}

/**
 * Why a round without its quorum has no answer.
 *
 * - All failed: `rate_limit_exceeded` when all of them for that, `upstream_timeout` and `overloaded` likewise; so too where none of them takes
 *   the request as it is (`context_length_exceeded`, `upstream_rejected`, `invalid_value`); else `all_models_failed`.
 * - All refused, in an answer or by a provider that would not pass the question on: `refused`.
 * - Else `quorum_not_met`, whose message counts who did what.
 *
 * It can be tried again when one of the members can.
 */
export function roundFailure(events: readonly MemberEvent[], spec: RunSpec): Failure {
  // Everyone who was asked has come to something.
  const voters = events.length;
  const failures = events.flatMap((e) =>
    e.type === "member_failed" && e.failure.reason !== "refused" ? [e.failure] : [],
  );
  const refused = events.filter(hasRefused).length;
  if (failures.length === voters) return allFailed(failures);
  if (refused === voters) {
    return { reason: "refused", message: `All ${voters} members refused to answer.`, retryable: false };
  }
  const abstentions = abstentionsIn(events, spec);
  const others = abstentions.filter(({ reason }) => reason !== "refused");
  const reasons = [...new Set(others.map(({ reason }) => reason))].toSorted().join(", ");
  const usable = usableCount(events, spec);
  const parts = [
    `${usable} of ${voters} answers are usable, ${spec.quorum} are needed`,
    count(failures.length, "failed"),
    count(refused, "refused"),
    count(others.length, `without an answer that has a vote (${reasons})`),
    count(voters - failures.length - refused - others.length - usable, "stopped before an answer"),
  ];
  return {
    reason: "quorum_not_met",
    message: `${parts.filter((part) => part !== "").join("; ")}.`,
    ...retryOf(failures),
  };
}

function hasRefused(event: MemberEvent): boolean {
  if (event.type === "member_failed") return event.failure.reason === "refused";
  return event.type === "member_answered" && isRefusal(event.completion);
}

/** Failures that are the request's own when all members have them. */
const ofRequest: readonly FailureReason[] = ["context_length_exceeded", "upstream_rejected", "invalid_value"];

function allFailed(failures: readonly Failure[]): Failure {
  const every = (reason: FailureReason): boolean => failures.every((failure) => failure.reason === reason);
  const number = `All ${failures.length} members`;
  if (every("rate_limit_exceeded")) {
    return { reason: "rate_limit_exceeded", message: `${number} are rate limited.`, ...retryOf(failures) };
  }
  if (every("upstream_timeout")) {
    return { reason: "upstream_timeout", message: `${number} timed out.`, ...retryOf(failures) };
  }
  if (every("overloaded")) {
    const message = `There was no room to ask any of ${failures.length} members.`;
    return { reason: "overloaded", message, ...retryOf(failures) };
  }
  const [first] = failures;
  if (first !== undefined && ofRequest.includes(first.reason) && every(first.reason)) {
    return {
      reason: first.reason,
      message: `${number} failed alike: ${first.message}`,
      ...retryOf(failures),
    };
  }
  const reasons = [...new Set(failures.map((failure) => failure.reason))].toSorted().join(", ");
  return { reason: "all_models_failed", message: `${number} failed: ${reasons}.`, ...retryOf(failures) };
}

/** The smallest wait that an upstream named, if one did. */
function retryOf(failures: readonly Failure[]): Pick<Failure, "retryable" | "retryAfterMs"> {
  const waits = failures.flatMap((failure) => failure.retryAfterMs ?? []);
  const retryable = failures.some((failure) => failure.retryable);
  return waits.length === 0 ? { retryable } : { retryable, retryAfterMs: Math.min(...waits) };
}

function count(number: number, what: string): string {
  return number > 0 ? `${number} ${what}` : "";
}
