import type { RunEvent } from "@synod/client";
import { expect, it } from "vitest";
import {
  answered,
  aggregated,
  failed,
  finished,
  roundEnded,
  roundStarted,
  specOf,
  started,
  stopped,
} from "../testing/run-events.js";
import { eventLine } from "./event-line.js";

const failure = { reason: "upstream_error", message: "It\nbroke.", retryable: true } as const;
const verdict = { findings: [], votes: [], promptVersion: "" };

it.each<[RunEvent, string]>([
  [roundStarted(3), "round 1: asking 3 voters"],
  [{ type: "rest_asked", round: 1, voters: 2 }, "round 1: asking 2 more"],
  [
    { type: "member_hedged", round: 1, voter: { member: 0, sample: 1 }, model: "sim/d" },
    "round 1: asking sim/d too, since a member is slow",
  ],
  [answered(1, "It is 42."), "round 1: sim/b answered 42 after 1.2 s"],
  [answered(2, "42", 1, "sim/d"), "round 1: sim/d answered 42 after 1.2 s"],
  [answered(2, "Answer:"), "round 1: sim/c answered without a vote after 1.2 s: It is empty."],
  [failed(0, "HTTP\n503\x1b[1m"), "round 1: sim/a failed after 200 ms: HTTP 503\\x1b[1m"],
  [stopped(0), "round 1: sim/a was stopped after 900 ms"],
  [roundEnded(1), "round 1: complete, 1 usable answer, 2 needed"],
  [
    { type: "aggregator_called", round: 1, model: "sim/writer", usage: null, failure: null, latencyMs: 400 },
    "round 1: sim/writer answered after 400 ms",
  ],
  [
    { type: "aggregator_called", round: 1, model: "sim/writer", usage: null, failure, latencyMs: 400 },
    "round 1: sim/writer failed (It broke.) after 400 ms",
  ],
  [aggregated("42", 0.75), "round 1: aggregated on 42, agreement 75 %"],
  [aggregated("", null), "round 1: aggregated"],
  [{ type: "aggregation_failed", round: 1, failure }, "round 1: the aggregation failed: It broke."],
  [{ type: "judged", attempt: 1, verdict: { kind: "wrong", ...verdict } }, "judged: wrong"],
  [{ type: "judged", attempt: 1, verdict: { kind: "none", ...verdict } }, "judged: no verdict"],
  [{ type: "judge_failed", attempt: 1, failure }, "the judge failed: It broke."],
  [{ type: "regeneration_started", regeneration: 2 }, "making the answer again (2)"],
  [{ type: "deadline_reached" }, "the deadline is reached"],
  [{ type: "caller_left", failure }, "given up: It broke."],
  [finished, "completed: complete"],
  [{ type: "run_finished", result: { status: "failed", failure } }, "failed: It broke."],
  [{ type: "run_finished", result: { status: "cancelled", failure } }, "cancelled: It broke."],
])("%j", (event, line) => {
  const before = event.type === "round_started" ? [started()] : [started(), roundStarted(3)];
  expect(eventLine([...before, event])).toBe(line);
});

it("says how a run begins, and whose answer it is among several of one model", () => {
  expect(eventLine([])).toBe("");
  expect(eventLine([started()])).toBe("synod/default: 3 members, synthesis");
  const [seat] = specOf().members;
  if (seat === undefined) throw new Error("no member");
  const twice = [started(specOf({ members: [{ ...seat, samples: 2 }, seat] })), roundStarted(3)];
  const second: RunEvent = { ...answered(0, "42"), voter: { member: 0, sample: 2 } } as RunEvent;
  expect(eventLine([...twice, answered(1, "41"), second])).toContain("sim/a (sample 2) answered 42");
});
