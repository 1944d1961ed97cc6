import type { Client } from "@connectrpc/connect";
import { JudgeService } from "@synod/contracts/judge";
import type { ProviderService } from "@synod/contracts/provider";
import type { ServiceModule } from "@synod/rpc";
import type { Logger, Metrics } from "@synod/telemetry";
import { judgeEvents } from "./events.js";
import { validate } from "./routes/validate.js";

/** What the judge service needs. */
export interface JudgeDeps {
  /** Where models are asked. */
  readonly providers: Client<typeof ProviderService>;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Makes the judge service. It holds nothing between calls. */
export function createJudge(deps: JudgeDeps): ServiceModule {
  const events = judgeEvents(deps.metrics);
  return {
    services: [JudgeService],
    routes(router) {
      router.service(JudgeService, {
        validate: (request, context) => validate(deps, events, request, context),
      });
    },
    async [Symbol.asyncDispose]() {},
  };
}
