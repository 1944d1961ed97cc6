import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { callerLeft, type RunEvent } from "@synod/consensus";
import { RunEventSchema } from "@synod/contracts/chat";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MappingError } from "./mapping-error.js";
import { fromProtoRunEvent, toProtoRunEvent } from "./run-event.js";
import {
  text,
  word,
  uint32,
  milliseconds,
  voter,
  oneOf,
  optional,
  messages,
  usage,
  spent,
  failure,
  completion,
  spec,
  asked,
  outcome,
  verdict,
  result,
} from "./testing/arbitraries.js";

type EventOf<Type extends RunEvent["type"]> = Extract<RunEvent, { readonly type: Type }>;

function type<Type extends RunEvent["type"]>(name: Type): fc.Arbitrary<Type> {
  return fc.constant(name);
}

// One entry for each event: the compiler names the one that is not tested.
const arbitraries: { readonly [Type in RunEvent["type"]]: fc.Arbitrary<EventOf<Type>> } = {
  run_started: fc.record({
    type: type("run_started"),
    spec: fc.tuple(spec, asked).map(([settings, extra]) => ({ ...settings, ...extra })),
    messages,
  }),
  round_started: fc.record({
    type: type("round_started"),
    round: uint32,
    regeneration: uint32,
    voters: uint32,
  }),
  rest_asked: fc.record({ type: type("rest_asked"), round: uint32, voters: uint32 }),
  member_hedged: fc.record({ type: type("member_hedged"), round: uint32, voter, model: text }),
  member_answered: fc.record(
    { type: type("member_answered"), round: uint32, voter, completion, hedgeWon: fc.constant(true) },
    { requiredKeys: ["type", "round", "voter", "completion"] },
  ),
  member_failed: fc
    .record({ type: type("member_failed"), round: uint32, voter, failure, latencyMs: milliseconds })
    .chain((event) =>
      fc.oneof(
        fc.constant({ ...event, usage: null }),
        spent.map((paid) => ({ ...event, ...paid })),
      ),
    ),
  member_cancelled: fc.record(
    {
      type: type("member_cancelled"),
      round: uint32,
      voter,
      usage,
      attempts: fc.integer({ min: 1, max: 9 }),
      latencyMs: milliseconds,
    },
    { requiredKeys: ["type", "round", "voter", "latencyMs"] },
  ),
  round_ended: fc.record({
    type: type("round_ended"),
    round: uint32,
    stop: oneOf<EventOf<"round_ended">["stop"]>({
      complete: true,
      lossless: true,
      confident: true,
      agreed: true,
      quorum: true,
      quorum_lost: true,
    }),
    usable: uint32,
    quorum: uint32,
  }),
  aggregator_called: fc.record(
    {
      type: type("aggregator_called"),
      round: uint32,
      model: text,
      usage: optional(usage),
      failure: optional(failure),
      latencyMs: milliseconds,
      truncated: fc.constant(true),
      promptVersion: word,
      member: uint32,
      attempts: fc.integer({ min: 1, max: 9 }),
    },
    { requiredKeys: ["type", "round", "model", "usage", "failure", "latencyMs"] },
  ),
  aggregated: fc.record({
    type: type("aggregated"),
    round: uint32,
    outcome,
    aggregatorSkipped: fc.boolean(),
  }),
  aggregation_failed: fc.record(
    { type: type("aggregation_failed"), round: uint32, failure, textSent: fc.constant(true), spent },
    { requiredKeys: ["type", "round", "failure"] },
  ),
  judged: fc.record({ type: type("judged"), attempt: uint32, verdict }),
  judge_failed: fc.record(
    { type: type("judge_failed"), attempt: uint32, failure, spent },
    { requiredKeys: ["type", "attempt", "failure"] },
  ),
  regeneration_started: fc.record({ type: type("regeneration_started"), regeneration: uint32 }),
  deadline_reached: fc.record(
    { type: type("deadline_reached"), textSent: fc.constant(true) },
    { requiredKeys: ["type"] },
  ),
  caller_left: fc.record({ type: type("caller_left"), failure }),
  run_finished: fc.record({ type: type("run_finished"), result }),
};

const place = { runId: "run_1", seq: 7, createTimeMs: 1_760_000_000_123 };

describe("a run's event", () => {
  test.each(Object.entries(arbitraries))("%s comes back as it was, over the wire too", (_type, arbitrary) => {
    fc.assert(
      fc.property(arbitrary as fc.Arbitrary<RunEvent>, (before) => {
        const proto = toProtoRunEvent(before, place);
        expect(fromProtoRunEvent(proto)).toEqual(before);
        const wire = fromBinary(RunEventSchema, toBinary(RunEventSchema, proto));
        expect(fromProtoRunEvent(wire)).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });

  test("carries where it stands", () => {
    const proto = toProtoRunEvent({ type: "caller_left", failure: callerLeft }, place);
    expect(proto).toMatchObject({ runId: "run_1", seq: 7 });
    expect(proto.createTime && timestampMs(proto.createTime)).toBe(1_760_000_000_123);
  });

  test("that was given up without a reason was left by its caller", () => {
    const left = toProtoRunEvent({ type: "caller_left", failure: callerLeft }, place);
    if (left.event.case === "callerLeft") delete left.event.value.failure;
    expect(fromProtoRunEvent(left)).toEqual({ type: "caller_left", failure: callerLeft });
    const result = { status: "cancelled", failure: callerLeft } as const;
    const ended = toProtoRunEvent({ type: "run_finished", result }, place);
    if (ended.event.case === "runFinished") delete ended.event.value.failure;
    expect(fromProtoRunEvent(ended)).toEqual({ type: "run_finished", result });
  });

  test("without an event is refused", () => {
    const proto = toProtoRunEvent({ type: "caller_left", failure: callerLeft }, place);
    proto.event = { case: undefined };
    expect(() => fromProtoRunEvent(proto)).toThrow(MappingError);
  });
});
