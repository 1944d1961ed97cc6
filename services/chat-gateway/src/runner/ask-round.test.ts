import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { AggregationService } from "@synod/contracts/aggregation";
import { JudgeService } from "@synod/contracts/judge";
import { recordOf, type RunEvent, type RunSpec } from "@synod/consensus";
import {
  RoundService,
  type RunRoundRequest,
  RunRoundResponseSchema,
  StopRule,
  VoteStatistic,
} from "@synod/contracts/round";
import {
  createLocalTransport,
  createServiceClient,
  failureOf,
  outgoingOptions,
  serviceInterceptors,
  SynodError,
} from "@synod/rpc";
import { createLogger, createMetrics } from "@synod/telemetry";
import { expect, test } from "vitest";
import { specOf } from "../testing/runner.js";
import { completionOf } from "../testing/script.js";
import { askRound } from "./ask-round.js";
import type { Task } from "./task.js";

type Said = NonNullable<MessageInitShape<typeof RunRoundResponseSchema>["event"]>;

const question = [{ role: "user", parts: [{ type: "text", text: "6 * 7?" }] }] as const;
const command = { type: "ask_round", round: 1, regeneration: 0, messages: question } as const;
const voter = (member: number) => ({ member, sample: 1 });
const answered = (member: number): Said => ({
  case: "answered",
  value: { voter: voter(member), completion: completionOf("sim/a", "42", {}) },
});

/** Asks a round of a service that says this, and then breaks. */
async function ask(spec: RunSpec, said: readonly Said[]) {
  const asked: RunRoundRequest[] = [];
  const logger = createLogger({ level: "silent", service: "test" });
  const metrics = createMetrics({ service: "test" });
  const interceptors = serviceInterceptors({ logger, metrics, service: "test" });
  await using transport = createLocalTransport(
    (router) => {
      router.service(RoundService, {
        async *runRound(request) {
          asked.push(request);
          for (const event of said) yield create(RunRoundResponseSchema, { event });
          throw new SynodError({ reason: "service_unavailable", message: "the round service stops" });
        },
      });
    },
    { strict: true, interceptors },
  );
  const events: RunEvent[] = [{ type: "run_started", spec, messages: question }];
  const task: Task = {
    memberText: undefined,
    spec,
    messages: question,
    clients: {
      rounds: createServiceClient(RoundService, transport),
      aggregations: createServiceClient(AggregationService, transport),
      judges: createServiceClient(JudgeService, transport),
    },
    events,
    streams: false,
    signal: new AbortController().signal,
    text: () => undefined,
    wholeText: () => undefined,
    emit: async (event: RunEvent) => void events.push(event),
    callOptions: () => outgoingOptions({ requestId: "test" }),
    failureOf: async (error: unknown) => failureOf(error),
    elapsed: () => 0,
  };
  await askRound(command, task);
  return { events, record: recordOf(events), request: asked[0] };
}

const words = (events: readonly RunEvent[]) =>
  events.slice(1).map((event) => ("voter" in event ? `${event.type} ${event.voter.member}` : event.type));

test("a service that is lost takes those with it who were asked, and no others", async () => {
  const { events, record } = await ask(specOf({ askFirst: 2 }), [answered(0)]);
  expect(words(events)).toEqual(["round_started", "member_answered 0", "member_failed 1", "round_ended"]);
  expect(events[1]).toMatchObject({ voters: 2 });
  expect(record.calls.made).toBe(2);
});

test("once the rest is asked, with these too", async () => {
  const { events, record } = await ask(specOf({ askFirst: 2 }), [
    answered(0),
    { case: "restAsked", value: { voters: 1 } },
  ]);
  expect(words(events)).toEqual([
    "round_started",
    "member_answered 0",
    "rest_asked",
    "member_failed 1",
    "member_failed 2",
    "round_ended",
  ]);
  expect(record.calls.made).toBe(3);
});

test("one that was hedged was asked twice", async () => {
  const { record } = await ask(specOf(), [{ case: "hedged", value: { voter: voter(1), model: "sim/d" } }]);
  expect(record.calls.made).toBe(4);
  expect(record.members[1]).toMatchObject({ status: "failed", hedge: { model: "sim/d", won: false } });
});

test("the request says how to stop, by what decides, whom to ask first and when to hedge", async () => {
  const settings = specOf({
    stopEarly: "confident",
    stopConfidence: 0.8,
    askFirst: 2,
    hedgeAfterMs: "p95",
    aggregation: { ...specOf().aggregation, strategy: "weighted" },
  });
  expect((await ask(settings, [])).request).toMatchObject({
    stopRule: StopRule.CONFIDENT,
    stopConfidence: 0.8,
    statistic: VoteStatistic.WEIGHTED,
    askFirst: 2,
    hedge: { case: "hedgeAfterP95", value: true },
    members: [{ family: "a" }, { family: "b" }, { family: "c" }],
  });
  expect((await ask(specOf({ hedgeAfterMs: 1_500 }), [])).request).toMatchObject({
    statistic: VoteStatistic.PLURALITY,
    askFirst: 3,
    hedge: { case: "hedgeAfter", value: { seconds: 1n, nanos: 500_000_000 } },
  });
});
