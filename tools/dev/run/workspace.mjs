import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const root = fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/, "");

/** Reads a JSON file. */
export function readJson(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}

/**
 * The projects of the workspace: name, folder (relative to the root), scripts and dependencies, as their package.json
 * says.
 */
export function projects() {
  const folders = readJson(join(root, "package.json")).workspaces.flatMap((pattern) => {
    if (!pattern.endsWith("/*")) return [pattern];
    const parent = pattern.slice(0, -2);
    return readdirSync(join(root, parent)).map((name) => `${parent}/${name}`);
  });
  return folders
    .filter((folder) => existsSync(join(root, folder, "package.json")))
    .map((folder) => {
      const {
        name,
        scripts = {},
        dependencies = {},
        devDependencies = {},
      } = readJson(join(root, folder, "package.json"));
      return { name, folder, scripts, dependencies, devDependencies };
    });
}

/** The path of the script behind a program of node_modules/.bin, to be run by this Node without a shell. */
export function bin(packageName, program = packageName) {
  const folder = join(root, "node_modules", packageName);
  const { bin: entry } = readJson(join(folder, "package.json"));
  return join(folder, typeof entry === "string" ? entry : entry[program]);
}

/** What every run of Nx gets: no terminal games, no server in the background, no cloud. */
export const nxEnvironment = {
  NX_DAEMON: "false",
  NX_TUI: "false",
  NX_NO_CLOUD: "true",
  NX_ISOLATE_PLUGINS: "false",
  NO_COLOR: "1",
  FORCE_COLOR: "0",
};
