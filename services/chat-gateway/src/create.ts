import { ChatService } from "@synod/contracts/chat";
import type { ProviderService } from "@synod/contracts/provider";
import {
  type Admission,
  type BodyBudget,
  type Client,
  createBodyBudget,
  type Interceptor,
  type ServiceModule,
  SynodError,
} from "@synod/rpc";
import { createMemoryStores, type Stores } from "@synod/run-store";
import { type Logger, type Metrics, noTracer, type Tracer } from "@synod/telemetry";
import { createCallerCheck } from "./caller.js";
import { createAccounts } from "./charging/accounts.js";
import { createChargedModels } from "./charging/charged-models.js";
import { chargedRunner } from "./charging/charged-runner.js";
import { checkModels } from "./check-models.js";
import { type Clock, systemClock } from "./clock.js";
import type { ChatGatewayConfig } from "./config.js";
import { createChatEvents } from "./events.js";
import { stopping } from "./given-up.js";
import { createHttpGate, type HttpGate } from "./http/gate.js";
import { createHttpHandler, type HttpHandler } from "./http/handler.js";
import { createRunHistory } from "./history/run-history.js";
import { createAttempts } from "./once/attempts.js";
import { type Background, createBackground } from "./once/background.js";
import { createOnce } from "./once/once.js";
import { createTwins } from "./once/twins.js";
import { createListModels } from "./models.js";
import { createPanels } from "./panels.js";
import { createPlaces, withPlace } from "./places.js";
import { cancelRun } from "./routes/cancel-run.js";
import { chat } from "./routes/chat.js";
import { getRun } from "./routes/get-run.js";
import { admitCaller, knowCaller } from "./routes/know-caller.js";
import { listModels } from "./routes/list-models.js";
import { listRuns } from "./routes/list-runs.js";
import { streamChat } from "./routes/stream-chat.js";
import { streamRunEvents } from "./routes/stream-run-events.js";
import { createRunner } from "./runner/runner.js";
import type { RunClients } from "./runner/task.js";

/** What the chat gateway needs. */
export interface ChatGatewayDeps extends RunClients {
  readonly config: ChatGatewayConfig;
  readonly providers: Client<typeof ProviderService>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Begins spans for requests over HTTP and for runs. Nothing is traced when unset. */
  readonly tracer?: Tracer;
  /** The machine's clock when unset. */
  readonly clock?: Clock;
  /** What outlives a request. In memory when unset. Not disposed with the gateway. */
  readonly stores?: Stores;
}

/** The service that callers reach: over RPC by its routes, over plain HTTP by its handler. */
export interface ChatGateway extends ServiceModule {
  /** Answers the REST routes. */
  readonly handler: HttpHandler;
  /** Sees every request over HTTP/1.1 first. */
  readonly gate: HttpGate;
  /** Sees the head of an RPC before its body is read. */
  readonly admit: Admission;
  /** Sees every RPC first, those of reflection included. */
  readonly interceptor: Interceptor;
  /** What the bodies of requests are counted in, whatever they come by. */
  readonly bodies: BodyBudget;
  /** What goes on though its caller has left. */
  readonly background: Pick<Background, "idle" | "end">;
  /** Whether it knows what can be asked. */
  readonly isReady: () => boolean;
}

/**
 * Makes the chat gateway. It begins at once to ask the provider gateway which providers there are, and is ready when it
 * knows. Then it looks whether they list the configured models. Disposing it ends the runs that are going on.
 */
export function createChatGateway(deps: ChatGatewayDeps): ChatGateway {
  const { config, providers, rounds, aggregations, judges, logger, metrics } = deps;
  const { clock = systemClock, stores = createMemoryStores(), tracer = noTracer } = deps;
  const events = createChatEvents(logger, metrics);
  const panels = createPanels({ config, providers, clock, events });
  const modelCheck = checkModels({ config, panels, providers, clock, events });
  const accounts = createAccounts({ budgets: stores.budgets, providers, clock, events });
  const runner = chargedRunner(
    createRunner({ clients: { rounds, aggregations, judges }, store: stores.runs, clock, events, tracer }),
    accounts,
  );
  const models = createChargedModels(providers, accounts);
  const startedAt = Math.floor(clock.now() / 1_000);
  const listed = createListModels({ panels, providers, events, startedAt });
  const history = createRunHistory(stores.runs);
  const background = createBackground(new SynodError(stopping));
  const once = createOnce({ store: stores.idempotency, background, events });
  const attempts = createAttempts({ clock, background });
  const twins = createTwins(stores.runs, events.twinsUnknown);
  const { limits } = config.settings;
  const shared = { panels, runner, models, providers, listModels: listed, history, once };
  const routeDeps = { ...shared, limits };
  const places = createPlaces(limits.requestsAtOnce);
  const bodies = createBodyBudget(limits.bytesAtOnce);
  const checkCaller = createCallerCheck(config.apiKeys, stores.keys);

  return {
    services: [ChatService],
    routes: (router) =>
      void router.service(ChatService, {
        chat: withPlace(places, chat(routeDeps)),
        streamChat: withPlace(places, streamChat(routeDeps)),
        listModels: listModels(routeDeps),
        getRun: getRun(routeDeps),
        listRuns: listRuns(routeDeps),
        cancelRun: cancelRun(routeDeps),
        streamRunEvents: streamRunEvents(routeDeps),
      }),
    admit: admitCaller(checkCaller),
    interceptor: knowCaller(checkCaller),
    gate: createHttpGate(config.corsOrigins, checkCaller),
    handler: createHttpHandler(
      { ...shared, config, attempts, twins, places, bodies, clock, events, tracer },
      checkCaller,
    ),
    background,
    bodies,
    isReady: panels.isReady,
    async [Symbol.asyncDispose]() {
      await Promise.all([panels[Symbol.asyncDispose](), modelCheck[Symbol.asyncDispose]()]);
      background.end();
      await runner[Symbol.asyncDispose]();
      await background.idle();
    },
  };
}
