import { ErrorReason } from "@synod/contracts/error";
import { JudgeService, VerdictKind } from "@synod/contracts/judge";
import { Role } from "@synod/contracts/model";
import { createLocalTransport, createServiceClient, serviceInterceptors } from "@synod/rpc";
import type { FaultRule } from "@synod/simulator";
import { createLogger, createMetrics } from "@synod/telemetry";
import { simulatedProviders } from "./harness/simulated-providers.js";
import { afterEach, expect, test } from "vitest";
import { createJudge } from "@synod/judge";

const logger = createLogger({ level: "silent", service: "test" });
const metrics = createMetrics({ service: "test" });
const interceptors = serviceInterceptors({ logger, metrics, service: "test" });
const open: AsyncDisposable[] = [];

afterEach(async () => {
  for (const part of open.splice(0).toReversed()) await part[Symbol.asyncDispose]();
});

/** A judge service in front of the real provider gateway in front of simulated upstreams. */
async function house(faults: readonly FaultRule[] = []) {
  const upstream = await simulatedProviders(faults);
  open.push(upstream);
  const { routes } = createJudge({ providers: upstream.providers, logger, metrics });
  const local = createLocalTransport(routes, { interceptors });
  return { judges: createServiceClient(JudgeService, local), upstream };
}

const request = {
  messages: [{ role: Role.USER, parts: [{ content: { case: "text", value: "What is 17 + 25?" } as const }] }],
  answer: "The answer is 41.",
  models: ["sim/judge"],
};

test("a judge reads the question and the answer, and is paid once", async () => {
  const { judges, upstream } = await house();
  const { verdict } = await judges.validate(request);
  expect([VerdictKind.RIGHT, VerdictKind.WRONG]).toContain(verdict?.kind);
  expect(verdict?.votes[0]?.failure).toBeUndefined();
  expect(upstream.paid()).toBe(1);
  const [call] = upstream.control.ledger({ endpoint: "chat" });
  expect(call?.body).toMatchObject({ temperature: 0, response_format: { type: "json_schema" } });
});

test("F52: a judge that answers 500 gives no verdict", async () => {
  const fault = { kind: "status", status: 500 } as const;
  const { judges, upstream } = await house([{ model: "judge", calls: "all", fault }]);
  const { verdict } = await judges.validate(request);
  expect(verdict?.kind).toBe(VerdictKind.UNSPECIFIED);
  expect(verdict?.votes[0]?.failure?.reason).toBe(ErrorReason.UPSTREAM_ERROR);
  expect(upstream.paid()).toBe(1);
});

test("F54: a judge that writes no JSON is asked once more, then gives no verdict", async () => {
  const fault = { kind: "say", text: "The answer is right, trust me." } as const;
  const { judges, upstream } = await house([{ model: "judge", calls: "all", fault }]);
  const { verdict } = await judges.validate(request);
  expect(verdict?.kind).toBe(VerdictKind.UNSPECIFIED);
  expect(verdict?.votes[0]?.failure?.reason).toBe(ErrorReason.INVALID_UPSTREAM_RESPONSE);
  expect(upstream.paid()).toBe(2);
});

test("F5: a judge whose provider takes no json_schema is asked without", async () => {
  const fault = { kind: "status", status: 400 } as const;
  const { judges, upstream } = await house([{ model: "judge", calls: [1], fault }]);
  const { verdict } = await judges.validate(request);
  expect(verdict?.votes[0]?.failure).toBeUndefined();
  expect(upstream.paid()).toBe(2);
  const bodies = upstream.control.ledger({ endpoint: "chat" }).map(({ body }) => JSON.stringify(body));
  expect(bodies.map((body) => body.includes("json_schema"))).toEqual([true, false]);
});
