import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../run/child.mjs";
import { readJson } from "../run/workspace.mjs";

const stampOf = (folder) => join(folder, "node_modules", ".synod-install.json");
const lockfileHash = (folder) =>
  createHash("sha256")
    .update(readFileSync(join(folder, "package-lock.json")))
    .digest("hex");

/** Whether node_modules is what the lockfile says. */
export function isInstalled(folder) {
  const stamp = stampOf(folder);
  const lockfile = lockfileHash(folder);
  if (existsSync(stamp) && readJson(stamp).lockfile === lockfile) return true;
  if (!matchesLockfile(folder)) return false;
  // Installed by hand.
  writeFileSync(stamp, JSON.stringify({ lockfile }));
  return true;
}

/** Installs exactly what the lockfile says, without running anyone's scripts. */
export async function install(folder) {
  const npm = process.env["npm_execpath"];
  const [command, before] = npm?.endsWith("npm-cli.js") ? [process.execPath, [npm]] : ["npm", []];
  // With NODE_ENV=production npm would leave out what builds, and under a silent npm it would hide errors.
  const options = ["ci", "--ignore-scripts", "--include=dev", "--no-audit", "--no-fund", "--loglevel=notice"];
  const { code, output } = await run(command, [...before, ...options], { cwd: folder });
  if (code !== 0) return { ok: false, output };
  writeFileSync(stampOf(folder), JSON.stringify({ lockfile: lockfileHash(folder) }));
  return { ok: true, output };
}

// npm writes what it has installed into a lockfile of its own, last of all.
function matchesLockfile(folder) {
  const hidden = join(folder, "node_modules", ".package-lock.json");
  if (!existsSync(hidden)) return false;
  const wanted = Object.entries(readJson(join(folder, "package-lock.json")).packages);
  const installed = readJson(hidden).packages;
  return wanted
    .filter(([path, entry]) => path !== "" && path.includes("node_modules/") && !entry.link)
    .every(([path, { version, integrity, optional }]) => {
      const there = installed[path];
      if (there === undefined) return optional === true;
      return there.version === version && there.integrity === integrity;
    });
}
