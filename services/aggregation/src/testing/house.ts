import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  type AggregateRequest,
  type AggregateRequestSchema,
  type AggregateResponse,
  AggregationService,
  type Strategy,
} from "@synod/contracts/aggregation";
import { Role } from "@synod/contracts/model";
import { ProviderService } from "@synod/contracts/provider";
import { createLocalTransport, createServiceClient, serviceInterceptors } from "@synod/rpc";
import { createLogger, createMetrics } from "@synod/telemetry";
import { type Script, scriptedProviders } from "@synod/testing";
import { createAggregation } from "../create.js";

/** A request to aggregate. */
export type Request = Exclude<MessageInitShape<typeof AggregateRequestSchema>, AggregateRequest>;

const logger = createLogger({ level: "silent", service: "test" });
const interceptors = serviceInterceptors({
  logger,
  metrics: createMetrics({ service: "test" }),
  service: "test",
});

/** An aggregation service in front of a scripted provider gateway, both reached as on a wire. */
export function aggregationOf(script: Script) {
  const metrics = createMetrics({ service: "test" });
  const upstream = scriptedProviders(script);
  const transport = createLocalTransport(upstream.routes, { strict: true, interceptors });
  const providers = createServiceClient(ProviderService, transport);
  const { routes } = createAggregation({ providers, logger, metrics });
  const local = createLocalTransport(routes, { strict: true, interceptors });
  return { aggregations: createServiceClient(AggregationService, local), asked: upstream.asked, metrics };
}

const text = (value: string) => ({ content: { case: "text", value } }) as const;
/** A message of one text. */
export const say = (role: Role, value: string) => ({ role, parts: [text(value)] });

/** A request for the answers of as many members. */
export function requestOf(strategy: Strategy, answers: readonly string[], more: Request = {}): Request {
  return {
    strategy,
    messages: [say(Role.USER, "6 * 7?")],
    answers: answers.map((answer, member) => ({ voter: { member, sample: 1 }, text: answer })),
    ...more,
  };
}

/** Reads an aggregation to its end. */
export async function read(stream: AsyncIterable<AggregateResponse>) {
  const deltas: string[] = [];
  const order: string[] = [];
  const seen: AggregateResponse["event"][] = [];
  for await (const { event } of stream) {
    seen.push(event);
    order.push(event.case ?? "nothing");
    if (event.case === "delta") deltas.push(event.value.text);
  }
  const called = seen.flatMap((event) => (event.case === "called" ? [event.value] : []));
  const last = seen.at(-1);
  return { deltas, order, called, outcome: last?.case === "aggregated" ? last.value.outcome : undefined };
}
