// The upstream side of Synod and nothing else: the provider gateway, called in its own process as in the all-in-one, by
// someone who reads what comes and throws it away. Argument: the upstream's origin.
import { ProviderService } from "@synod/contracts/provider";
import { Role } from "@synod/contracts/model";
import { createProviderGateway, toProviderGatewayConfig } from "@synod/provider-gateway";
import {
  createLocalTransport,
  createRequestValidator,
  createServiceClient,
  serviceInterceptors,
} from "@synod/rpc";
import { toSettings } from "@synod/settings";
import { createLogger, createMetrics } from "@synod/telemetry";
import { answerAsks } from "../children/answer-asks.js";
import { createHolder, type OpenStream } from "../streams/holder.js";
import { timesIn } from "../streams/times-in.js";
import { streamsConfig, streamsWithinMs } from "../streams/streams-config.js";

const service = "provider";
const variables = { OPENROUTER_BASE_URL: `${process.argv[2] ?? ""}/api/v1`, OPENROUTER_API_KEY: "bench" };
const configFile = { path: "bench", text: JSON.stringify(streamsConfig) };
const config = toProviderGatewayConfig(toSettings({ variables, configFile, mistakes: [] }, service));
// What it logs is written nowhere: the channel to the bench is not for it.
const logger = createLogger({ level: config.logLevel, service, destination: { write: () => undefined } });
const metrics = createMetrics({ service });
const validator = createRequestValidator([ProviderService]);
const module = createProviderGateway({ config, logger, metrics });
const interceptors = serviceInterceptors({ logger, metrics, service, validator });
const client = createServiceClient(ProviderService, createLocalTransport(module.routes, { interceptors }));
const messages = [{ role: Role.USER, parts: [{ content: { case: "text", value: "Go on." } } as const] }];

const open: OpenStream = ({ model }, listener) => {
  const read = async (): Promise<void> => {
    const stream = client.streamCompletion(
      { completion: { model: `openrouter/${model}`, messages } },
      { timeoutMs: streamsWithinMs },
    );
    let finished = false;
    for await (const { event } of stream) {
      if (event.case === "delta") listener.events(timesIn(event.value.text, "word"));
      finished = event.case === "finished";
    }
    if (!finished) throw new Error("the stream ended without an end");
    listener.ended();
  };
  read().catch(listener.failed);
};
await answerAsks(createHolder(open));
