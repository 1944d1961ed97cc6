import { AggregationService, Strategy } from "@synod/contracts/aggregation";
import { Role } from "@synod/contracts/model";
import { createLocalTransport, createServiceClient, serviceInterceptors } from "@synod/rpc";
import type { FaultRule } from "@synod/simulator";
import { createLogger, createMetrics } from "@synod/telemetry";
import { simulatedProviders } from "./harness/simulated-providers.js";
import { afterEach, expect, test } from "vitest";
import { createAggregation } from "@synod/aggregation";

const logger = createLogger({ level: "silent", service: "test" });
const metrics = createMetrics({ service: "test" });
const interceptors = serviceInterceptors({ logger, metrics, service: "test" });
const open: AsyncDisposable[] = [];

afterEach(async () => {
  for (const part of open.splice(0).toReversed()) await part[Symbol.asyncDispose]();
});

/** An aggregation service in front of the real provider gateway in front of simulated upstreams. */
async function house(faults: readonly FaultRule[] = []) {
  const upstream = await simulatedProviders(faults);
  open.push(upstream);
  const { routes } = createAggregation({ providers: upstream.providers, logger, metrics });
  const local = createLocalTransport(routes, { interceptors });
  return { aggregations: createServiceClient(AggregationService, local), upstream };
}

const question = "What is 17 + 25?";
const request = {
  strategy: Strategy.SYNTHESIS,
  messages: [{ role: Role.USER, parts: [{ content: { case: "text", value: question } as const }] }],
  answers: ["Answer: 42", "I get 41.\\n\\nAnswer: 41", "17 + 25 is 42.\\n\\nAnswer: 42"].map(
    (text, member) => ({
      voter: { member, sample: 1 },
      text,
    }),
  ),
  answerFormat: "number",
  aggregator: { model: "sim/synthesiser" },
};

test.each([false, true])(
  "a synthesis reads the answers and is paid once (streamed: %s)",
  async (streamText) => {
    const { aggregations, upstream } = await house();
    let text = "";
    const order: unknown[] = [];
    for await (const { event } of aggregations.aggregate({ ...request, streamText })) {
      if (order.at(-1) !== event.case) order.push(event.case);
      if (event.case === "delta") text += event.value.text;
      if (event.case === "aggregated") {
        expect(event.value.outcome).toMatchObject({ answerKey: "42", aggregatorUnavailable: false });
        if (streamText) expect(event.value.outcome?.text).toBe(text);
      }
    }
    expect(order).toEqual(streamText ? ["delta", "called", "aggregated"] : ["called", "aggregated"]);
    expect(upstream.paid()).toBe(1);
    const [call] = upstream.control.ledger({ endpoint: "chat" });
    const prompt = JSON.stringify(call?.body);
    expect(prompt).toContain("17 + 25 is 42.");
    expect(prompt).toContain(question);
  },
);

test("F51: an aggregator that answers 500 is replaced by the plurality", async () => {
  const fault = { kind: "status", status: 500 } as const;
  const { aggregations, upstream } = await house([{ model: "synthesiser", calls: "all", fault }]);
  const order: unknown[] = [];
  for await (const { event } of aggregations.aggregate({ ...request, streamText: true })) {
    order.push(event.case);
    if (event.case !== "aggregated") continue;
    expect(event.value.outcome).toMatchObject({ answerKey: "42", aggregatorUnavailable: true });
  }
  expect(order).toEqual(["called", "aggregated"]);
  expect(upstream.paid()).toBe(1);
});

test("F25: a caller that leaves in the middle of the text aborts the upstream call within a second", async () => {
  const fault = { kind: "hang", when: "mid_body" } as const;
  const { aggregations, upstream } = await house([{ model: "synthesiser", calls: "all", fault }]);
  for await (const { event } of aggregations.aggregate({ ...request, streamText: true })) {
    expect(event.case).toBe("delta");
    break;
  }
  await upstream.control.until(() => upstream.control.stats().aborted === 1, 1000);
  expect(upstream.paid()).toBe(1);
});
