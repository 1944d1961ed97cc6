import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { MessageSchema, Role } from "@synod/contracts/model";
import {
  type CompletionRequest,
  CompletionRequestSchema,
  ProviderService,
  type StreamCompletionResponse,
} from "@synod/contracts/provider";
import {
  type Client,
  createLocalTransport,
  createServiceClient,
  failureOf,
  serviceInterceptors,
} from "@synod/rpc";
import { type CallTimeouts, providerControls, type ProviderSettings } from "@synod/settings";
import { createLogger, createMetrics, type Metrics } from "@synod/telemetry";
import { createProviderGateway } from "../create.js";

/** A provider gateway behind a local transport that encodes everything, as a wire does. */
export interface TestGateway extends AsyncDisposable {
  readonly client: Client<typeof ProviderService>;
  readonly metrics: Metrics;
  /** Everything that was logged, as text. */
  log(): string;
}

/** What a test gateway has beside its providers. */
export interface TestGatewayOptions {
  readonly timers?: Partial<CallTimeouts>;
  readonly modelsTtlMs?: number;
}

/** Starts a gateway. */
export function startGateway(
  providers: readonly ProviderSettings[],
  options: TestGatewayOptions = {},
): TestGateway {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ level: "trace", service: "test", destination });
  const metrics = createMetrics({ service: "test" });
  const timed = providers.map((provider) => ({
    ...provider,
    timeouts: { ...provider.timeouts, ...options.timers },
  }));
  const config = { providers: timed, modelsTtlMs: options.modelsTtlMs ?? 60_000, modelsAtStart: false };
  const module = createProviderGateway({ config, logger, metrics });
  const interceptors = serviceInterceptors({ logger, metrics, service: "provider" });
  const transport = createLocalTransport(module.routes, { interceptors, strict: true });
  return {
    client: createServiceClient(ProviderService, transport),
    metrics,
    log: () => lines.join(""),
    async [Symbol.asyncDispose]() {
      await transport[Symbol.asyncDispose]();
      await module[Symbol.asyncDispose]();
    },
  };
}

/** A provider at a loopback address. */
export function providerAt(
  url: string,
  kind: ProviderSettings["kind"],
  changes: Partial<ProviderSettings> = {},
): ProviderSettings {
  return {
    id: kind === "openai" ? "local" : kind,
    kind,
    baseUrl: `${url}/v1`,
    keys: [`key-of-${kind}`],
    keyRequired: kind !== "openai",
    simulated: false,
    ...providerControls(),
    // Repeats have tests of their own.
    maxAttempts: 1,
    ...changes,
  };
}

/** A question. */
export function question(
  model: string,
  changes: MessageInitShape<typeof CompletionRequestSchema> = {},
): CompletionRequest {
  return create(CompletionRequestSchema, { model, messages: [userTurn("What is 6 x 7?")], ...changes });
}

/** A turn of the user. */
export function userTurn(text: string) {
  return create(MessageSchema, { role: Role.USER, parts: [{ content: { case: "text", value: text } }] });
}

/** What a stream said, put together. */
export interface Collected {
  text: string;
  reasoning: string;
  toolCallsJson: string[];
  deltas: number;
  finished: Extract<StreamCompletionResponse["event"], { case: "finished" }>["value"]["completion"];
}

/** Reads a stream to its end. */
export async function collect(stream: AsyncIterable<StreamCompletionResponse>): Promise<Collected> {
  const all: Collected = { text: "", reasoning: "", toolCallsJson: [], deltas: 0, finished: undefined };
  for await (const { event } of stream) {
    if (event.case === "delta") {
      all.deltas += 1;
      all.text += event.value.text;
      all.reasoning += event.value.reasoning;
      if (event.value.toolCallsJson !== "") all.toolCallsJson.push(event.value.toolCallsJson);
    }
    if (event.case === "finished") all.finished = event.value.completion;
  }
  return all;
}

/** The failure of a call that must fail. */
export async function failureOfCall(call: Promise<unknown>) {
  try {
    await call;
  } catch (error) {
    return failureOf(error);
  }
  throw new Error("the call did not fail");
}
