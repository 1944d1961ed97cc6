import { configSettings } from "./config-settings.js";
import type { Environment } from "./environment.js";
import { type Mistake, SettingsError } from "./mistakes.js";
import type { HistorySettings, ProcessRole, StorageSettings } from "./settings.js";
import { Variables } from "./variables.js";

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

/**
 * Reads where things are kept, for a tool that opens them beside the processes.
 *
 * @throws {SettingsError} with every mistake at once, those of the configuration file too: what is kept is deleted after
 * the time that it says.
 */
export function toStorageSettings({ variables, configFile, mistakes: read }: Environment): StorageSettings {
  const mistakes: Mistake[] = read.filter(({ path }) => path === "SYNOD_CONFIG");
  const { history } = configSettings(configFile, mistakes);
  const settings = storageSettings(new Variables(variables, mistakes), history, "chat");
  if (mistakes.length > 0) throw new SettingsError(mistakes);
  return settings;
}
