import type { Settings } from "@synod/settings";
import type { ChargedModels } from "../charging/charged-models.js";
import type { RunHistory } from "../history/run-history.js";
import type { ListModels } from "../models.js";
import type { Once } from "../once/once.js";
import type { Panels } from "../panels.js";
import type { Runner } from "../runner/runner.js";

/** What the RPCs work with. */
export interface RouteDeps {
  readonly panels: Panels;
  readonly runner: Runner;
  readonly models: ChargedModels;
  readonly listModels: ListModels;
  readonly once: Once;
  readonly history: RunHistory;
  readonly limits: Pick<Settings["limits"], "messages">;
}
