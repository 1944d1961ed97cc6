import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Stores } from "@synod/run-store";
import { toStorageSettings } from "@synod/settings";
import type { Cli } from "../../cli.js";
import { CommandError } from "../../command-error.js";

/**
 * Opens the database that the settings name, beside the processes that use it.
 *
 * @param mayCreate whether it is made where there is none.
 * @throws CommandError when there is none and it may not be made.
 */
export async function openDatabase({ environment }: Cli, mayCreate: boolean): Promise<Stores> {
  const settings = toStorageSettings(environment);
  const file = join(settings.dataDir, "synod.db");
  if (!mayCreate && settings.databaseUrl === undefined && !existsSync(file)) {
    throw new CommandError(
      `${file} is not there: no key was made. Call this in the folder where Synod is started, or set SYNOD_DATA_DIR.`,
    );
  }
  // Loaded here: no other command needs a database.
  const [{ openStores }, { createLogger, createMetrics }] = await Promise.all([
    import("@synod/run-store"),
    import("@synod/telemetry"),
  ]);
  return openStores({
    ...settings,
    logger: createLogger({ level: "silent", service: "cli" }),
    metrics: createMetrics({ service: "cli" }),
  });
}
