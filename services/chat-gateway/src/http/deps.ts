import type { ProviderService } from "@synod/contracts/provider";
import type { Client } from "@synod/rpc";
import type { Tracer } from "@synod/telemetry";
import type { Clock } from "../clock.js";
import type { ChatGatewayConfig } from "../config.js";
import type { ChatEvents } from "../events.js";
import type { RunHistory } from "../history/run-history.js";
import type { ListModels } from "../models.js";
import type { Panels } from "../panels.js";
import type { Runner } from "../runner/runner.js";
import type { Exchange } from "./exchange.js";

/** How long a stream may be silent before a comment is sent, in milliseconds. */
export const defaultKeepAliveMs = 5_000;

/** What the routes over HTTP work with. */
export interface HttpDeps {
  readonly config: ChatGatewayConfig;
  readonly panels: Panels;
  readonly runner: Runner;
  readonly providers: Client<typeof ProviderService>;
  readonly listModels: ListModels;
  readonly history: RunHistory;
  readonly clock: Clock;
  readonly events: ChatEvents;
  readonly tracer: Tracer;
}

/** Answers a request. What it throws becomes an error's answer, as long as nothing has gone out. */
export type Route = (exchange: Exchange, deps: HttpDeps) => Promise<void>;
