import type { Fault, FaultKind, FaultRule } from "@synod/simulator";

/** What may become of a call with a fault: an answer all the same, or none. */
type Outcome = "answer" | "failure";

interface RandomFault {
  readonly fault: Fault;
  /** Whether a call with it may end in an answer with the whole text. */
  readonly may: Outcome;
}

const answer = (...faults: readonly Fault[]): readonly RandomFault[] =>
  faults.map((fault) => ({ fault, may: "answer" }));
const failure = (...faults: readonly Fault[]): readonly RandomFault[] =>
  faults.map((fault) => ({ fault, may: "failure" }));

/**
 * Every kind of fault but those that end a key for a minute or more: then the rest of the soak would ask nobody. Floods
 * are small enough for thousands of them.
 */
export const randomFaults: readonly RandomFault[] = [
  ...failure(
    ...[400, 404, 413, 422, 498, 500, 502, 503, 524, 529].map((status): Fault => ({
      kind: "status",
      status,
    })),
    { kind: "rate_limit", scope: "upstream", hint: { seconds: 0.05, as: "milliseconds" } },
    { kind: "rate_limit", scope: "upstream" },
    { kind: "html" },
    { kind: "upstream_error", raw: "object" },
    { kind: "unavailable", code: "temporarily_unavailable", retryAfterSeconds: 0 },
    { kind: "moderation" },
    { kind: "context_length" },
    { kind: "failed_generation" },
    { kind: "error_in_ok" },
    { kind: "error_in_ok", place: "choice" },
    { kind: "stream_error", afterTokens: 0 },
    { kind: "stream_error", afterTokens: 2 },
    { kind: "stream_error", afterTokens: 2, shape: "no_choices", code: "server_error" },
    { kind: "hang", when: "before_headers" },
    { kind: "hang", when: "after_headers" },
    { kind: "hang", afterTokens: 2 },
    { kind: "reset", when: "before_headers" },
    { kind: "reset", afterTokens: 2 },
    { kind: "fin", afterTokens: 2 },
    { kind: "end_early", afterTokens: 2 },
    { kind: "trickle", bytesPerSecond: 20 },
    { kind: "comments", count: null, everyMs: 50 },
    { kind: "invalid_json" },
    { kind: "invalid_json", afterTokens: 2 },
    { kind: "huge_line", bytes: 5 * 1024 * 1024 },
    { kind: "encoding", as: "truncated_gzip" },
    { kind: "encoding", as: "not_gzip" },
    { kind: "encoding", as: "gzip_bomb", mebibytes: 40 },
    { kind: "no_content", as: "null" },
    { kind: "no_content", as: "blank" },
    { kind: "no_content", as: "refused" },
    { kind: "finish", reason: "content_filter", keepTokens: 0 },
    { kind: "finish", reason: "length", keepTokens: 2 },
    { kind: "tool_calls" },
    { kind: "redirect", location: "http://127.0.0.1:9/" },
  ),
  ...answer(
    { kind: "no_done" },
    { kind: "slow_first_token", ms: 200 },
    { kind: "stall", ms: 200 },
    { kind: "framing", newline: "crlf", fields: true, multiline: true, bom: true },
    { kind: "framing", pieceBytes: 1 },
    { kind: "content_type", as: "none" },
    { kind: "content_type", as: "json_for_stream" },
    { kind: "choices", as: "twice" },
    { kind: "served_model", model: "acme/another" },
    { kind: "usage", as: "missing" },
    { kind: "usage", as: "absurd" },
    { kind: "usage_place", as: "repeated_choice" },
    { kind: "cache_hit" },
  ),
];

/** The kinds with which a call may still end in an answer with the whole text. */
export const harmless: ReadonlySet<FaultKind> = new Set(
  randomFaults.filter(({ may }) => may === "answer").map(({ fault }) => fault.kind),
);

/** Rules that play each of the faults as often as the others, on so large a share of all calls together. */
export function randomRules(share: number, seed: number): readonly FaultRule[] {
  const each = share / randomFaults.length;
  return randomFaults.map(({ fault }, index): FaultRule => ({
    model: "*",
    // Of what the rules before it have left.
    calls: { share: each / (1 - index * each), seed: (seed + index) % 2 ** 32 },
    fault,
  }));
}
