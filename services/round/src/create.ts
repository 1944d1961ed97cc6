import type { Client } from "@connectrpc/connect";
import type { ProviderService } from "@synod/contracts/provider";
import { RoundService } from "@synod/contracts/round";
import type { ServiceModule } from "@synod/rpc";
import type { Logger, Metrics } from "@synod/telemetry";
import { roundEvents } from "./events.js";
import { createHedging } from "./hedging/hedging.js";
import { runRound } from "./routes/run-round.js";

/** What the round service needs. */
export interface RoundDeps {
  /** Where models are asked. */
  readonly providers: Client<typeof ProviderService>;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Makes the round service. Between calls it remembers how long models took, and how many calls were hedged. */
export function createRound(deps: RoundDeps): ServiceModule {
  const events = roundEvents(deps.metrics);
  const hedging = createHedging(events);
  return {
    services: [RoundService],
    routes(router) {
      router.service(RoundService, {
        runRound: (request, context) => runRound({ ...deps, events, hedging }, request, context),
      });
    },
    async [Symbol.asyncDispose]() {},
  };
}
