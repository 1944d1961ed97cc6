import { existsSync } from "node:fs";
import { readJson } from "./workspace.mjs";

/**
 * What a project's tests came to, read from the JSON report of vitest.
 *
 * @returns {{ passed: number, failed: { name: string, messages: string[] }[], skipped: string[], success: boolean } | undefined}
 * undefined without a report: the project crashed, or was not run.
 */
export function readReport(path) {
  if (!existsSync(path)) return undefined;
  const { testResults = [], success = false } = readJson(path);
  const tests = testResults.flatMap((file) =>
    file.assertionResults.map((test) => ({ ...test, name: `${shortName(file.name)} > ${test.fullName}` })),
  );
  const failed = tests
    .filter(({ status }) => status === "failed")
    .map(({ name, failureMessages }) => ({ name, messages: failureMessages.map(withoutRunner) }));
  // A file that cannot be loaded has no tests to fail.
  const broken = testResults
    .filter(
      (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
    )
    .map((file) => ({ name: shortName(file.name), messages: [file.message || "the file could not be run"] }));
  return {
    passed: tests.filter(({ status }) => status === "passed").length,
    failed: [...failed, ...broken],
    skipped: tests.filter(({ status }) => status !== "passed" && status !== "failed").map(({ name }) => name),
    success,
  };
}

function shortName(path) {
  return path.split("/").slice(-2).join("/");
}

/** Leaves out where the test runner has called the test. */
function withoutRunner(message) {
  const lines = message.split("\n");
  return lines.filter((line) => !/^\s+at .*(node_modules|new Promise)/.test(line)).join("\n");
}
