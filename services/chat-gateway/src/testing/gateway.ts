import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { AggregationService } from "@synod/contracts/aggregation";
import { ChatService } from "@synod/contracts/chat";
import { JudgeService } from "@synod/contracts/judge";
import { ProviderService } from "@synod/contracts/provider";
import { RoundService } from "@synod/contracts/round";
import {
  type Client,
  createLocalTransport,
  createRequestValidator,
  createServiceClient,
  serviceInterceptors,
} from "@synod/rpc";
import { createMemoryStores, type Stores } from "@synod/run-store";
import { type Environment, type Preset, toSettings } from "@synod/settings";
import { createLogger, createMetrics, type Metrics, noTracer, type Tracer } from "@synod/telemetry";
import type { Clock } from "../clock.js";
import { toChatGatewayConfig } from "../config.js";
import { type ChatGateway, createChatGateway } from "../create.js";
import type { Ledger, Script } from "./script.js";
import { scriptedServices } from "./scripted-services.js";

/** How the gateway under test is set up. */
export interface GatewayOptions {
  readonly script?: Script;
  /** Presets by name. Merged over `default`, three simulated members and `majority`. */
  readonly presets?: Readonly<Record<string, Preset>>;
  readonly apiKeys?: readonly string[];
  readonly corsOrigins?: readonly string[];
  readonly keepAliveMs?: number;
  /** The most messages of a question. As usual when unset. */
  readonly maxMessages?: number;
  /** What outlives a request. In memory when unset. Not disposed with the gateway. */
  readonly stores?: Stores;
  /** The machine's clock when unset. */
  readonly clock?: Clock;
  /** Traces the gateway, its RPCs and those of the services behind it. */
  readonly tracer?: Tracer;
}

/** A gateway that listens, with scripted services behind it. */
export interface TestGateway extends AsyncDisposable {
  readonly gateway: ChatGateway;
  readonly url: string;
  readonly ledger: Ledger;
  readonly metrics: Metrics;
  /** Lines of the log, parsed. */
  readonly log: Record<string, unknown>[];
  readonly stores: Stores;
  /** A client of its RPC service. */
  readonly chat: Client<typeof ChatService>;
  /** Asks for something. */
  get(path: string, init?: RequestInit): Promise<Response>;
  /** Sends JSON. */
  post(path: string, body: unknown, init?: RequestInit): Promise<Response>;
}

/** The preset that tests ask when they do not say otherwise: three members and a vote, no judge. */
export const defaultPreset: Preset = {
  members: [{ model: "sim/a" }, { model: "sim/b" }, { model: "sim/c" }],
  aggregation: { strategy: "majority" },
};

/** A question for `POST /v1/chat/completions`. */
export function ask(fields: object = {}): object {
  return { model: "synod/default", messages: [{ role: "user", content: "What is 6 x 7?" }], ...fields };
}

// Compiling constraints takes long enough to be done once for all tests of a file.
const validator = createRequestValidator([]);

/** Starts a gateway on a free loopback port. */
export async function startGateway(options: GatewayOptions = {}): Promise<TestGateway> {
  const log: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void log.push(JSON.parse(line)) };
  const logger = createLogger({ level: "info", service: "test", destination });
  const metrics = createMetrics({ service: "test" });
  const quiet = createLogger({ level: "silent", service: "test" });
  const { tracer = noTracer, stores = createMemoryStores(), clock } = options;
  const services = scriptedServices(options.script ?? {});
  const transport = createLocalTransport(services.routes, {
    strict: true,
    interceptors: serviceInterceptors({ logger: quiet, metrics, tracer, service: "scripted", validator }),
  });
  const environment: Environment = { variables: { SYNOD_SIMULATOR_URL: "http://127.0.0.1:1" }, mistakes: [] };
  const settings = toSettings(environment, "chat");
  const limits = {
    ...settings.limits,
    ...(options.maxMessages !== undefined && { messages: options.maxMessages }),
  };
  const gateway = createChatGateway({
    config: {
      ...toChatGatewayConfig(settings),
      settings: { limits, presets: { default: defaultPreset, ...options.presets }, modelsInSettings: [] },
      apiKeys: options.apiKeys ?? [],
      corsOrigins: options.corsOrigins ?? [],
      ...(options.keepAliveMs !== undefined && { keepAliveMs: options.keepAliveMs }),
    },
    providers: createServiceClient(ProviderService, transport),
    rounds: createServiceClient(RoundService, transport),
    aggregations: createServiceClient(AggregationService, transport),
    judges: createServiceClient(JudgeService, transport),
    stores,
    logger,
    metrics,
    tracer,
    ...(clock !== undefined && { clock }),
  });
  const server = createServer((req, res) => {
    void Promise.resolve(gateway.gate(req, res)).then((answered) => answered || gateway.handler(req, res));
  });
  const url = await listen(server);
  const front = createLocalTransport(gateway.routes, {
    strict: true,
    interceptors: [
      gateway.interceptor,
      ...serviceInterceptors({ logger: quiet, metrics, tracer, service: "chat", validator }),
    ],
  });
  return {
    gateway,
    url,
    ledger: services.ledger,
    metrics,
    log,
    stores,
    chat: createServiceClient(ChatService, front),
    get: (path, init) => fetch(`${url}${path}`, init),
    post: (path, body, init = {}) =>
      fetch(`${url}${path}`, {
        method: "POST",
        body: typeof body === "string" ? body : JSON.stringify(body),
        ...init,
        headers: { "content-type": "application/json", ...init.headers },
      }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await front[Symbol.asyncDispose]();
      await gateway[Symbol.asyncDispose]();
      await transport[Symbol.asyncDispose]();
    },
  };
}

async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}`;
}
