import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readReport } from "./report.mjs";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "synod-report-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function read(report) {
  const path = join(folder, "report.json");
  writeFileSync(path, JSON.stringify(report));
  return readReport(path);
}
const ran = (status, fullName, failureMessages = []) => ({ status, fullName, failureMessages });

test("no report", () => {
  expect(readReport(join(folder, "none.json"))).toBeUndefined();
});

test("counts tests, and names those that failed and those that were skipped", () => {
  const assertionResults = [
    ran("passed", "a"),
    ran("failed", "b", ["expected 1\n    at /x/a.test.ts:1:2\n    at f (file:///x/node_modules/y.js:1:2)"]),
    ran("pending", "c"),
    ran("skipped", "d"),
    ran("todo", "e"),
  ];
  const file = { name: "/x/src/some.test.ts", status: "failed", message: "", assertionResults };
  expect(read({ success: false, testResults: [file] })).toEqual({
    passed: 1,
    failed: [{ name: "src/some.test.ts > b", messages: ["expected 1\n    at /x/a.test.ts:1:2"] }],
    skipped: ["src/some.test.ts > c", "src/some.test.ts > d", "src/some.test.ts > e"],
    success: false,
  });
});

test("a file that cannot be run is a failure", () => {
  const file = {
    name: "/x/src/some.test.ts",
    status: "failed",
    message: "cannot find it",
    assertionResults: [],
  };
  expect(read({ success: false, testResults: [file] }).failed).toEqual([
    { name: "src/some.test.ts", messages: ["cannot find it"] },
  ]);
});
