import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { ErrorReason } from "@synod/contracts/error";
import { Role } from "@synod/contracts/model";
import { RoundService, RoundStop, type RunRoundResponse } from "@synod/contracts/round";
import { createLocalTransport, createServiceClient, serviceInterceptors } from "@synod/rpc";
import type { FaultRule } from "@synod/simulator";
import { createLogger, createMetrics } from "@synod/telemetry";
import { simulatedProviders } from "./harness/simulated-providers.js";
import { afterEach, expect, test } from "vitest";
import { createRound } from "@synod/round";

const logger = createLogger({ level: "silent", service: "test" });
const metrics = createMetrics({ service: "test" });
const interceptors = serviceInterceptors({ logger, metrics, service: "test" });
const open: AsyncDisposable[] = [];

afterEach(async () => {
  for (const part of open.splice(0).toReversed()) await part[Symbol.asyncDispose]();
});

/** A round service in front of the real provider gateway in front of simulated upstreams. */
async function house(faults: readonly FaultRule[] = []) {
  const upstream = await simulatedProviders(faults);
  open.push(upstream);
  const { routes } = createRound({ providers: upstream.providers, logger, metrics });
  const local = createLocalTransport(routes, { interceptors });
  return { rounds: createServiceClient(RoundService, local), upstream };
}

const panel = ["sim/ada-large", "sim/bell-large", "sim/cole-medium"];
const request = {
  members: panel.map((model) => ({ model })),
  messages: [{ role: Role.USER, parts: [{ content: { case: "text", value: "What is 17 + 25?" } as const }] }],
  answerFormat: "number",
};

async function read(stream: AsyncIterable<RunRoundResponse>) {
  const events: RunRoundResponse["event"][] = [];
  for await (const { event } of stream) events.push(event);
  return events;
}

test("a panel is asked once each, and all answer", async () => {
  const { rounds, upstream } = await house();
  const events = await read(rounds.runRound(request));
  expect(events.map((event) => event.case)).toEqual(["answered", "answered", "answered", "ended"]);
  expect(events.at(-1)?.value).toMatchObject({ stop: RoundStop.COMPLETE, usable: 3 });
  expect(upstream.paid()).toBe(3);
});

test("F3: one of three that answers 500 is told, and the round goes on", async () => {
  const fault = { kind: "status", status: 500 } as const;
  const { rounds, upstream } = await house([{ model: "bell-large", calls: "all", fault }]);
  const events = await read(rounds.runRound(request));
  const failed = events.find((event) => event.case === "failed");
  expect(failed?.value).toMatchObject({
    voter: { member: 1 },
    failure: { reason: ErrorReason.UPSTREAM_ERROR },
  });
  expect(events.at(-1)?.value).toMatchObject({ usable: 2 });
  expect([upstream.paid("ada-large"), upstream.paid("cole-medium")]).toEqual([1, 1]);
  expect(upstream.paid("bell-large")).toBe(1);
});

test("F9: a stream that ends early is a failure, and is not paid twice", async () => {
  const fault = { kind: "end_early", afterTokens: 2 } as const;
  const { rounds, upstream } = await house([{ model: "bell-large", calls: "all", fault }]);
  const events = await read(rounds.runRound(request));
  const failed = events.find((event) => event.case === "failed");
  expect(failed?.value).toMatchObject({ failure: { reason: ErrorReason.INVALID_UPSTREAM_RESPONSE } });
  expect(events.at(-1)?.value).toMatchObject({ usable: 2 });
  expect(upstream.paid()).toBe(3);
});

test("F11: one that hangs in the middle is aborted upstream when the grace is over", async () => {
  const fault = { kind: "hang", when: "mid_body" } as const;
  const { rounds, upstream } = await house([{ model: "cole-medium", calls: "all", fault }]);
  const events = await read(rounds.runRound({ ...request, grace: durationFromMs(50) }));
  expect(events.map((event) => event.case).slice(2)).toEqual(["cancelled", "ended"]);
  expect(events.at(-1)?.value).toMatchObject({ stop: RoundStop.QUORUM });
  await upstream.control.until(() => upstream.control.stats().aborted === 1, 1000);
  expect(upstream.paid()).toBe(3);
});

test("F25: a caller that leaves aborts every upstream call within a second", async () => {
  const fault = { kind: "hang", when: "before_headers" } as const;
  const { rounds, upstream } = await house([{ model: "*", calls: "all", fault }]);
  const controller = new AbortController();
  const result = read(rounds.runRound(request, { signal: controller.signal })).catch(() => "left");
  await upstream.control.until(() => upstream.control.stats().inFlight === 3);
  controller.abort();
  expect(await result).toBe("left");
  await upstream.control.until(() => upstream.control.stats().aborted === 3, 1000);
  expect(upstream.paid()).toBe(3);
});
