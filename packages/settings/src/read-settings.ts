import { readEnvironment } from "./environment.js";
import { SettingsError } from "./mistakes.js";
import type { ProcessRole, Settings } from "./settings.js";
import { toSettings } from "./to-settings.js";

/**
 * Reads the settings of a process. When they cannot be used it writes every mistake to stderr and ends the process with
 * exit code 2.
 *
 * @param extra variables that win over the environment's.
 */
export function readSettings(role: ProcessRole, extra: Readonly<Record<string, string>> = {}): Settings {
  try {
    return toSettings(readEnvironment({ ...process.env, ...extra }), role);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    process.stderr.write(`Synod cannot start. ${error.message}\n`);
    process.exit(2);
  }
}
