import type { Schedule } from "../faults/schedule.js";
import type { Ledger } from "../ledger/ledger.js";
import type { Mind } from "../minds/mind.js";
import type { Catalogue } from "../models/catalogue.js";
import type { Settings } from "../options.js";
import type { GroqLimits } from "../wire/groq/limits.js";

/** What the routes work with. */
export interface SimulatorContext {
  readonly settings: Settings;
  readonly catalogue: Catalogue;
  readonly mind: Mind;
  readonly schedule: Schedule;
  readonly ledger: Ledger;
  readonly limits: GroqLimits;
}
