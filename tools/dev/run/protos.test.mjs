import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { breaking, buf } from "./protos.mjs";
import { root } from "./workspace.mjs";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "synod-protos-test-"));
  cpSync(join(root, "buf.yaml"), join(folder, "buf.yaml"));
  cpSync(join(root, "proto"), join(folder, "proto"), { recursive: true });
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function change(from, to) {
  const path = join(folder, "proto/synod/chat/v1/chat_service.proto");
  const text = readFileSync(path, "utf8");
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
}

test("unchanged contracts break nothing", async () => {
  await buf(folder, "build", "--exclude-source-info", "--output", "proto/baseline.binpb");
  expect(await breaking(folder)).toEqual({ code: 0, output: "" });
});

test("a new field breaks nothing", async () => {
  await buf(folder, "build", "--exclude-source-info", "--output", "proto/baseline.binpb");
  change("string consensus_json = 4;", "string consensus_json = 4;\n\n  // New.\n  string brand_new = 99;");
  expect(await breaking(folder)).toEqual({ code: 0, output: "" });
});

test.each([
  [
    "another type",
    "string consensus_json = 4;",
    "bytes consensus_json = 4;",
    /changed type from "string" to "bytes"/,
  ],
  [
    "another name",
    "string consensus_json = 4;",
    "string consensus = 4;",
    /changed name from "consensus_json"/,
  ],
  ["another number", "string consensus_json = 4;", "string consensus_json = 15;", /field "4".*was deleted/i],
])("%s breaks callers", async (_, from, to, message) => {
  await buf(folder, "build", "--exclude-source-info", "--output", "proto/baseline.binpb");
  change(from, to);
  const { code, output } = await breaking(folder);
  expect(code).not.toBe(0);
  expect(output).toMatch(message);
});
