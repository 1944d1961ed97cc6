import type { HistorySettings, ProcessRole, StorageSettings } from "./settings.js";
import type { Variables } from "./variables.js";

/**
 * Reads where things are kept.
 *
 * @param role only the processes that keep something get the database's URL.
 */
export function storageSettings(
  variables: Variables,
  history: HistorySettings,
  role: ProcessRole,
): StorageSettings {
  const databaseUrl = variables.databaseUrl("SYNOD_DATABASE_URL");
  const keeps = role === "all-in-one" || role === "chat";
  return {
    dataDir: variables.text("SYNOD_DATA_DIR") ?? ".synod",
    ...(keeps && databaseUrl !== undefined && { databaseUrl }),
    history,
  };
}
