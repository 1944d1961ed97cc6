// Everything static: `node tools/dev/check.mjs [step …]`. All steps run; the exit code is 1 if one fails.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compareFolders, compareText } from "./run/compare.mjs";
import { run } from "./run/child.mjs";
import { breaking, buf } from "./run/protos.mjs";
import { build, isBuilt } from "./set-up/build.mjs";
import { dependencyMistakes } from "./run/rooms.mjs";
import { bin, nxEnvironment, projects, root } from "./run/workspace.mjs";

/** Runs a program of node_modules. */
const tool = (packageName, program, ...args) =>
  run(process.execPath, [bin(packageName, program), ...args], { cwd: root, env: nxEnvironment });

const steps = [
  ["build", buildStale],
  [
    "format",
    () =>
      tool(
        "prettier",
        "prettier",
        "--check",
        "--log-level=warn",
        "--cache",
        "--cache-location=.nx/prettier",
        ".",
      ),
  ],
  ["lint and import rules", () => tool("oxlint", "oxlint", "--deny-warnings")],
  ["dependencies between rooms", async () => resultOf(dependencyMistakes(projects()))],
  ["unused code", () => tool("knip", "knip", "--no-progress", "--no-config-hints")],
  ["proto lint", () => buf(root, "lint")],
  ["proto format", () => buf(root, "format", "--diff", "--exit-code", "--path", "proto/synod")],
  ["proto breaking", () => breaking(root)],
  ["generated code", generatedCode],
  ["types", () => tool("nx", "nx", "run-many", "-t", "typecheck", "--outputStyle=static-failures-only")],
];

const wanted = process.argv.slice(2);
const chosen = steps.filter(([name]) => wanted.length === 0 || wanted.includes(name));
const failures = [];
for (const [name, step] of chosen) {
  const start = performance.now();
  const { code, output } = await step();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${code === 0 ? "ok    " : "FAILED"} ${name} (${seconds} s)`);
  if (code !== 0) failures.push({ name, output });
}
for (const { name, output } of failures) console.log(`\n--- ${name}\n${output.trim()}`);
console.log(`\n${summary()}`);
process.exitCode = failures.length > 0 || chosen.length === 0 ? 1 : 0;

function summary() {
  if (chosen.length === 0) return `no such check; there are: ${steps.map(([name]) => name).join(", ")}`;
  if (failures.length === 0) return `all ${chosen.length} checks passed`;
  return `${failures.length} of ${chosen.length} checks failed: ${failures.map(({ name }) => name).join(", ")}`;
}

/** Builds what is stale: the steps after it read what is built. */
async function buildStale() {
  if (isBuilt()) return { code: 0, output: "" };
  const { ok, output } = await build();
  return { code: ok ? 0 : 1, output };
}

function resultOf(mistakes) {
  return { code: mistakes.length > 0 ? 1 : 0, output: mistakes.join("\n") };
}

/** Generates into a temporary folder and compares: the working tree is not touched. */
async function generatedCode() {
  const folder = mkdtempSync(join(tmpdir(), "synod-generated-"));
  try {
    const contracts = await buf(root, "generate", "--output", folder);
    if (contracts.code !== 0) return contracts;
    const schema = join(folder, "synod.schema.json");
    const settings = await run(process.execPath, ["packages/settings/dist/write-schema.js", schema], {
      cwd: root,
    });
    if (settings.code !== 0) return settings;
    const generated = "packages/contracts/src/gen";
    const differences = [
      ...compareFolders(join(folder, generated), join(root, generated)).map((path) => `${generated}/${path}`),
      ...(compareText(schema, join(root, "synod.schema.json")) ? [] : ["synod.schema.json"]),
    ];
    return resultOf(differences.map((path) => `${path} is not current: npm run generate`));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
