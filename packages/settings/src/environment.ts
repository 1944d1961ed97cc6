import { readFileSync } from "node:fs";
import { isAbsolute, join, relative } from "node:path";
import { parseEnv } from "node:util";
import type { Mistake } from "./mistakes.js";

/** A file that was read. */
export interface TextFile {
  /** Its path as it is shown to people. */
  readonly path: string;
  readonly text: string;
}

/** Everything that settings are read from. */
export interface Environment {
  /** Environment variables; those of `.env` where the environment has none. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** The configuration file, if there is one. */
  readonly configFile?: TextFile;
  /** The file that `SYNOD_API_KEYS=@file` names. */
  readonly apiKeysFile?: TextFile;
  /** Files that are named but cannot be read. */
  readonly mistakes: readonly Mistake[];
}

const configName = "synod.config.json";

/**
 * Reads the environment, `.env`, the configuration file and the file of keys.
 *
 * @param variables the process's own variables; they win over `.env`.
 * @param directory where `.env`, `synod.config.json` and relative paths are looked for.
 */
export function readEnvironment(
  variables: Readonly<Record<string, string | undefined>> = process.env,
  directory: string = process.cwd(),
): Environment {
  const mistakes: Mistake[] = [];
  const read = (path: string, variable: string, optional: boolean): TextFile | undefined => {
    const absolute = isAbsolute(path) ? path : join(directory, path);
    try {
      return { path: relative(directory, absolute) || path, text: readFileSync(absolute, "utf8") };
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
      if (optional && code === "ENOENT") return undefined;
      const message = `cannot read ${path} (${code}). Name a file that this process may read.`;
      mistakes.push({ source: "", path: variable, message });
      return undefined;
    }
  };

  const dotEnv = read(".env", ".env", true);
  const all = { ...(dotEnv === undefined ? {} : parseEnv(dotEnv.text)), ...variables };
  const configPath = all["SYNOD_CONFIG"]?.trim() ?? "";
  const configFile = read(configPath || configName, "SYNOD_CONFIG", configPath === "");
  const apiKeys = all["SYNOD_API_KEYS"]?.trim() ?? "";
  const apiKeysFile = apiKeys.startsWith("@") ? read(apiKeys.slice(1), "SYNOD_API_KEYS", false) : undefined;
  return {
    variables: all,
    ...(configFile === undefined ? {} : { configFile }),
    ...(apiKeysFile === undefined ? {} : { apiKeysFile }),
    mistakes,
  };
}
