import type { ProviderService } from "@synod/contracts/provider";
import type { Client } from "@synod/rpc";
import type { Settings } from "@synod/settings";
import type { RunHistory } from "../history/run-history.js";
import type { ListModels } from "../models.js";
import type { Panels } from "../panels.js";
import type { Runner } from "../runner/runner.js";

/** What the RPCs work with. */
export interface RouteDeps {
  readonly panels: Panels;
  readonly runner: Runner;
  readonly providers: Client<typeof ProviderService>;
  readonly listModels: ListModels;
  readonly history: RunHistory;
  readonly limits: Pick<Settings["limits"], "messages">;
}
