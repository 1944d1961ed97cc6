import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "../run/child.mjs";
import { bin, nxEnvironment, projects, root } from "../run/workspace.mjs";

// Built by their own tests alone.
const excluded = ["@synod/tests", "@synod/testing"];

const stampPath = join(root, ".nx", "synod-build.json");
const sharedFiles = ["nx.json", "tsconfig.base.json", "package.json", "package-lock.json"];
const notSources = new Set(["node_modules", "dist", "test-results", "results"]);

const built = () =>
  projects().filter(({ name, scripts }) => scripts["build"] !== undefined && !excluded.includes(name));

/**
 * Whether everything is built, judged by the times and sizes of all files: a start of Nx takes longer than the rest of
 * the set-up. Nx judges by content, so a wrong "no" costs a second and nothing else.
 */
export function isBuilt() {
  if (!existsSync(stampPath)) return false;
  return (
    readFileSync(stampPath, "utf8") === JSON.stringify({ sources: sourcesHash(), outputs: outputsHash() })
  );
}

/** Builds what is stale. */
export async function build() {
  // Taken before: what changes during the build is stale afterwards.
  const sources = sourcesHash();
  const only = built().map(({ name }) => name);
  const args = [
    "run-many",
    "-t",
    "build",
    `--projects=${only.join(",")}`,
    "--outputStyle=static-failures-only",
  ];
  const { code, output } = await run(process.execPath, [bin("nx"), ...args], {
    cwd: root,
    env: nxEnvironment,
  });
  if (code !== 0) return { ok: false, output };
  mkdirSync(dirname(stampPath), { recursive: true });
  writeFileSync(stampPath, JSON.stringify({ sources, outputs: outputsHash() }));
  return { ok: true, output };
}

function sourcesHash() {
  const hash = createHash("sha256");
  for (const name of sharedFiles) addFile(hash, join(root, name));
  for (const { folder } of built()) {
    addFolder(hash, join(root, folder), (name) => !notSources.has(name) && !name.endsWith(".test.ts"));
  }
  return hash.digest("hex");
}

function outputsHash() {
  const hash = createHash("sha256");
  for (const { folder } of built()) addFolder(hash, join(root, folder, "dist"), () => true);
  return hash.digest("hex");
}

function addFolder(hash, folder, wanted) {
  if (!existsSync(folder)) return void hash.update(`${folder} is missing\n`);
  for (const entry of readdirSync(folder, { withFileTypes: true }).toSorted((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    if (!wanted(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) addFolder(hash, path, wanted);
    else if (entry.isFile()) addFile(hash, path);
  }
}

function addFile(hash, path) {
  const { mtimeMs, size } = statSync(path);
  hash.update(`${path} ${mtimeMs} ${size}\n`);
}
