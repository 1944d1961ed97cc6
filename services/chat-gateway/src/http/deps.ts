import type { ProviderService } from "@synod/contracts/provider";
import type { Client } from "@synod/rpc";
import type { Tracer } from "@synod/telemetry";
import type { ChargedModels } from "../charging/charged-models.js";
import type { Clock } from "../clock.js";
import type { ChatGatewayConfig } from "../config.js";
import type { ChatEvents } from "../events.js";
import type { RunHistory } from "../history/run-history.js";
import type { ListModels } from "../models.js";
import type { Attempts } from "../once/attempts.js";
import type { Once } from "../once/once.js";
import type { Twins } from "../once/twins.js";
import type { Panels } from "../panels.js";
import type { Runner } from "../runner/runner.js";
import type { Exchange } from "./exchange.js";

const defaultKeepAliveMs = 5_000;

/** How long a stream may be silent before a comment is sent, in milliseconds. */
export function keepAliveMsOf({ config }: Pick<HttpDeps, "config">): number {
  return config.keepAliveMs ?? defaultKeepAliveMs;
}

/** What the routes over HTTP work with. */
export interface HttpDeps {
  readonly config: ChatGatewayConfig;
  readonly panels: Panels;
  readonly runner: Runner;
  readonly models: ChargedModels;
  readonly providers: Client<typeof ProviderService>;
  readonly listModels: ListModels;
  readonly once: Once;
  readonly attempts: Attempts;
  readonly twins: Twins;
  readonly history: RunHistory;
  readonly clock: Clock;
  readonly events: ChatEvents;
  readonly tracer: Tracer;
}

/** Answers a request. What it throws becomes an error's answer, as long as nothing has gone out. */
export type Route = (exchange: Exchange, deps: HttpDeps) => Promise<void>;
