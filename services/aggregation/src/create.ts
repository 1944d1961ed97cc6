import type { Client } from "@connectrpc/connect";
import { AggregationService } from "@synod/contracts/aggregation";
import type { ProviderService } from "@synod/contracts/provider";
import type { ServiceModule } from "@synod/rpc";
import type { Logger, Metrics } from "@synod/telemetry";
import { aggregationEvents } from "./events.js";
import { aggregate } from "./routes/aggregate.js";

/** What the aggregation service needs. */
export interface AggregationDeps {
  /** Where models are asked. */
  readonly providers: Client<typeof ProviderService>;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Makes the aggregation service. It holds nothing between calls. */
export function createAggregation(deps: AggregationDeps): ServiceModule {
  const events = aggregationEvents(deps.metrics);
  return {
    services: [AggregationService],
    routes(router) {
      router.service(AggregationService, {
        aggregate: (request, context) => aggregate(deps, events, request, context),
      });
    },
    async [Symbol.asyncDispose]() {},
  };
}
