// Runs every test: `node tools/dev/test.mjs [project …]`. The last line is `N passed, N failed`.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { run } from "./run/child.mjs";
import { readReport } from "./run/report.mjs";
import { bin, nxEnvironment, projects, root } from "./run/workspace.mjs";

// It boots whole systems and measures time: others would disturb it.
const alone = "@synod/tests";

const wanted = process.argv.slice(2);
const tested = projects()
  .filter(({ scripts }) => scripts["test"] !== undefined)
  .filter(({ name }) => wanted.length === 0 || wanted.includes(name));
const totals = { passed: 0, failed: 0, skipped: [] };

for (const group of [
  tested.filter(({ name }) => name !== alone),
  tested.filter(({ name }) => name === alone),
]) {
  if (group.length > 0) await testGroup(group);
}

if (totals.skipped.length > 0)
  console.log(`\nskipped:\n${totals.skipped.map((name) => `  ${name}`).join("\n")}`);
const none = totals.passed + totals.failed === 0;
if (none) console.log("no test was run");
const skipped = totals.skipped.length > 0 ? `, ${totals.skipped.length} skipped` : "";
console.log(`\n${totals.passed} passed, ${totals.failed} failed${skipped}`);
process.exitCode = none || totals.failed > 0 ? 1 : 0;

async function testGroup(group) {
  // A report of an earlier run must not count. Nx brings back those of tests that need not run.
  for (const project of group) rmSync(reportPath(project), { force: true });
  const names = group.map(({ name }) => name).join(",");
  const args = [
    "run-many",
    "-t",
    "test",
    `--projects=${names}`,
    "--parallel=2",
    "--outputStyle=static-failures-only",
  ];
  const waiting = new Map(group.map((project) => [project.name, project]));
  const timer = setInterval(() => announce(waiting), 500);
  const { code, output } = await run(process.execPath, [bin("nx"), ...args], {
    cwd: root,
    env: nxEnvironment,
  });
  clearInterval(timer);
  announce(waiting);

  for (const { name } of waiting.values()) fail(`${name} has no result: it was not run or crashed`);
  const unexplained = group.filter((project) => !count(project)).length > 0;
  // Nx knows more than the reports do: a build failed, a run crashed, a promise was left rejected.
  const onlyNx = code !== 0 && totals.failed === 0;
  if (onlyNx) fail("a project failed although its tests passed");
  if (unexplained || onlyNx) console.log(`\n${output.trimEnd().split("\n").slice(-200).join("\n")}`);
}

/** Prints a line for every project that has finished since. */
function announce(waiting) {
  for (const [name, project] of waiting) {
    const report = tryRead(project);
    if (report === undefined) continue;
    waiting.delete(name);
    const ok = report.failed.length === 0 && report.success;
    console.log(
      `${ok ? "ok    " : "FAILED"} ${name}: ${report.passed} passed, ${report.failed.length} failed`,
    );
  }
}

/** Adds up a project's report. False when the report does not say why the project failed. */
function count(project) {
  const report = tryRead(project);
  if (report === undefined) return false;
  totals.passed += report.passed;
  totals.skipped.push(...report.skipped.map((name) => `${project.name}: ${name}`));
  for (const { name, messages } of report.failed) fail(`${project.name}: ${name}`, messages.join("\n"));
  if (report.success || report.failed.length > 0) return true;
  fail(`${project.name}: errors outside of its tests`);
  return false;
}

function fail(title, details = "") {
  totals.failed += 1;
  console.log(`\nFAILED ${title}${details === "" ? "" : `\n${details.replace(/^/gm, "  ")}`}`);
}

/** The report, or undefined while there is none, or one that is being written. */
function tryRead(project) {
  try {
    return readReport(reportPath(project));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function reportPath({ folder }) {
  return join(root, folder, "test-results", "report.json");
}
