import type { MessageInitShape } from "@bufbuild/protobuf";
import { Role } from "@synod/contracts/model";
import { ProviderService } from "@synod/contracts/provider";
import {
  RoundService,
  RoundStop,
  type RunRoundRequestSchema,
  type RunRoundResponse,
} from "@synod/contracts/round";
import { createLocalTransport, createServiceClient, serviceInterceptors, SynodError } from "@synod/rpc";
import { createLogger, createMetrics } from "@synod/telemetry";
import { type Script, scriptedProviders } from "@synod/testing";
import { createRound } from "../create.js";

const logger = createLogger({ level: "silent", service: "test" });
const interceptors = serviceInterceptors({
  logger,
  metrics: createMetrics({ service: "test" }),
  service: "test",
});

/** A round service in front of a scripted provider gateway, both reached as on a wire. */
export function roundOf(script: Script) {
  const metrics = createMetrics({ service: "test" });
  const upstream = scriptedProviders(script);
  const transport = createLocalTransport(upstream.routes, { strict: true, interceptors });
  const round = createRound({ providers: createServiceClient(ProviderService, transport), logger, metrics });
  const local = createLocalTransport(round.routes, { strict: true, interceptors });
  return { rounds: createServiceClient(RoundService, local), asked: upstream.asked, metrics };
}

/** A request of these models. */
export function requestOf(
  models: readonly string[],
  more: MessageInitShape<typeof RunRoundRequestSchema> = {},
): MessageInitShape<typeof RunRoundRequestSchema> {
  return {
    members: models.map((model) => ({ model })),
    messages: [{ role: Role.USER, parts: [{ content: { case: "text", value: "6 * 7?" } }] }],
    ...more,
  };
}

/** What happened, one word each: `answered 0/1`, …, `ended LOSSLESS`. */
export function wordOf({ event }: RunRoundResponse): string {
  switch (event.case) {
    case "answered":
    case "failed":
    case "cancelled":
      return `${event.case} ${event.value.voter?.member}/${event.value.voter?.sample}`;
    case "hedged":
      return `hedged ${event.value.voter?.member}/${event.value.voter?.sample}`;
    case "restAsked":
      return `rest asked ${event.value.voters}`;
    case "delta":
      return `delta ${event.value.voter?.member}/${event.value.voter?.sample} ${event.value.text}`;
    case "ended":
      return `ended ${RoundStop[event.value.stop]}`;
    default:
      return "nothing";
  }
}

/** Reads a round to its end. */
export async function read(stream: AsyncIterable<RunRoundResponse>) {
  const responses: RunRoundResponse[] = [];
  for await (const response of stream) responses.push(response);
  return { responses, words: responses.map(wordOf) };
}

/** A model that answers. */
export const says = (text: string) => ({ text: `Answer: ${text}` });
/** A model that fails. */
export const dead = {
  then: { error: new SynodError({ reason: "upstream_error", message: "503 from the provider" }) },
};
