import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run } from "../run/child.mjs";
import { readJson } from "../run/workspace.mjs";

/**
 * A language that clients are written in.
 *
 * @typedef {readonly [command: string, args: readonly string[], options: { cwd: string, env?: Record<string, string> }]} Command
 * @typedef {{
 *   name: string,
 *   version: Command,
 *   sources: readonly string[],
 *   install: readonly Command[],
 *   build: readonly Command[],
 *   run: Command,
 * }} Language `version` tells whether the language is there; `install` needs a registry and may fail; `build` must not;
 * `run` starts the examples. `sources`: files and folders that are prepared anew when they change.
 */

/**
 * Whether a language's clients were prepared from what is there now.
 *
 * @param {Language} language
 * @param {string} folder holds what is known of each language, as `<name>.json`.
 */
export function isPrepared(language, folder) {
  const path = statePath(language, folder);
  return existsSync(path) && readJson(path).inputs === inputsOf(language);
}

/**
 * Prepares a language's clients. Where the language is not there, or its registry is out of reach, that is written down
 * for the tests, which report themselves as skipped. What cannot be built is a failure.
 *
 * @param {Language} language
 * @param {string} folder see `isPrepared`
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
export async function prepare(language, folder) {
  const note = (missing, inputs) => {
    mkdirSync(folder, { recursive: true });
    const [command, args, options] = language.run;
    const state = { inputs, missing, run: { command, args, ...options } };
    writeFileSync(statePath(language, folder), JSON.stringify(state));
    return { ok: true, output: "" };
  };
  const inputs = inputsOf(language);
  const version = await attempt(language.version);
  if (version.code !== 0) return note(`${language.version[0]} is not there`, inputs);
  for (const command of language.install) {
    const { code, output } = await attempt(command);
    // Nothing is noted as done: the next set-up tries again.
    if (code !== 0) return note(`its packages cannot be installed: ${lastLine(output)}`, null);
  }
  for (const command of language.build) {
    const result = await attempt(command);
    if (result.code !== 0) return { ok: false, output: result.output };
  }
  return note(null, inputs);
}

const statePath = ({ name }, folder) => join(folder, `${name}.json`);

/** Runs a command. One that is not there has failed. */
async function attempt([command, args, options]) {
  try {
    return await run(command, args, options);
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
    return { code: 127, output: error.message };
  }
}

function lastLine(output) {
  return output.trim().split("\n").at(-1) ?? "";
}

function inputsOf({ version: [program], sources }) {
  const hash = createHash("sha256");
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  hash.update(String(folders.some((folder) => existsSync(join(folder, program)))));
  for (const source of sources) add(hash, source);
  return hash.digest("hex");
}

function add(hash, path) {
  const entries = tryList(path);
  if (entries === null) return void hash.update(path).update(readFileSync(path));
  for (const { name } of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) add(hash, join(path, name));
}

function tryList(path) {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if (error.code === "ENOTDIR") return null;
    throw error;
  }
}
