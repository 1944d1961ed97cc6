import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { run } from "./child.mjs";
import { bin, root } from "./workspace.mjs";

/** Lints files under the repository's own rules. Gives `path: rule: message` for each mistake. */
async function lint(files) {
  const folder = mkdtempSync(join(tmpdir(), "synod-lint-"));
  try {
    copyFileSync(join(root, ".oxlintrc.json"), join(folder, ".oxlintrc.json"));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const { output } = await run(process.execPath, [bin("oxlint"), "--format=json"], { cwd: folder });
    return JSON.parse(output).diagnostics.map(
      ({ filename, code, message, help }) => `${filename}: ${code}: ${message} ${help ?? ""}`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const product = "Product code imports packages alone";
const beside = "A test beside the code imports packages";
const deep = "Deep path";
const relative = "Relative path into another project";
const pure = "Consensus is pure";
const bare = "A bare client does not cancel";

const forbidden = [
  // What a room may import.
  ["packages/contracts/src/a.ts", 'import "@synod/consensus";', "Contracts import protobuf"],
  ["packages/contracts/src/a.ts", 'import "node:fs";', "Contracts import protobuf"],
  ["packages/consensus/src/a.ts", 'import "@synod/contracts/model";', pure],
  ["packages/consensus/src/a.ts", 'import { readFileSync } from "node:fs"; readFileSync("x");', pure],
  ["packages/consensus/src/a.ts", 'import "fs";', pure],
  ["packages/consensus/src/a.ts", 'export * from "undici";', pure],
  ["packages/consensus/src/a.ts", 'import type { Pool } from "undici"; export type P = Pool;', pure],
  ["packages/rpc/src/a.ts", 'import "@synod/round";', product],
  ["packages/settings/src/a.ts", 'import "@synod/chat-gateway";', product],
  ["packages/rpc/src/a.test.ts", 'import "@synod/judge";', beside],
  ["packages/telemetry/src/a.ts", 'import "@synod/simulator";', product],
  ["packages/testing/src/a.ts", 'import "@synod/provider-gateway";', beside],
  ["packages/brand-new/src/a.ts", 'import "@synod/brand-new-service";', product],
  ["services/round/src/a.ts", 'import "@synod/judge";', product],
  ["services/chat-gateway/src/deep/a.ts", 'export * from "@synod/provider-gateway";', product],
  ["services/judge/src/a.test.ts", 'import "@synod/aggregation";', beside],
  ["services/aggregation/src/a.ts", 'import "@synod/simulator";', product],
  ["services/provider-gateway/src/a.ts", 'import "@synod/testing";', product],

  // How it is imported.
  ["services/round/src/a.ts", 'import "@synod/rpc/dist/errors.js";', deep],
  ["services/round/src/a.ts", 'import "@synod/contracts/gen/model";', deep],
  ["services/all-in-one/src/a.ts", 'import "@synod/round/dist/create.js";', deep],
  ["tools/bench/src/a.ts", 'import "@synod/simulator/src/index.js";', deep],
  ["tests/src/a.test.ts", 'import "@synod/round/src/index.js";', deep],
  ["services/round/src/a.ts", 'import "../../judge/src/index.js";', relative],
  ["services/round/src/deep/a.ts", 'import "../../../../packages/rpc/src/index.js";', relative],
  ["packages/consensus/src/a.ts", 'import "../../settings/dist/index.js";', relative],
  ["packages/settings/src/a.test.ts", 'import "../../consensus/src/index.js";', relative],
  ["tests/src/a.ts", 'import "../../tools/dev/src/cluster.js";', relative],
  ["services/round/src/a.ts", 'import { createClient } from "@connectrpc/connect"; createClient();', bare],
  [
    "services/all-in-one/src/a.ts",
    'import { createClient } from "@connectrpc/connect"; createClient();',
    bare,
  ],
  ["tests/src/a.ts", 'import { createClient } from "@connectrpc/connect"; createClient();', bare],

  // What is reached without an import.
  ["packages/consensus/src/a.ts", "export const now = Date.now();", pure],
  ["packages/consensus/src/a.ts", "export const now = new Date();", pure],
  ["packages/consensus/src/a.ts", "export const luck = Math.random();", pure],
  ["packages/consensus/src/a.ts", 'export const got = fetch("http://x");', pure],
  ["packages/consensus/src/a.ts", "export const argv = process.argv;", pure],
  ["packages/consensus/src/a.ts", "export const got = globalThis.fetch;", pure],
  ["packages/consensus/src/a.ts", "export const id = crypto.randomUUID();", pure],
  ["packages/consensus/src/a.ts", "setTimeout(() => {}, 1);", pure],
  ["packages/consensus/src/a.ts", "export const { random } = Math;", pure],
  ["packages/consensus/src/a.ts", "export const start = performance.now();", pure],
  ["packages/consensus/src/a.ts", 'export const fs = await import("node:fs");', pure],
  ["packages/consensus/src/a.ts", 'export const fs = require("node:fs");', pure],
  ["packages/consensus/src/a.ts", 'export const bytes = Buffer.from("x");', pure],
  ["packages/consensus/src/a.ts", "export const { env } = global.process;", pure],
  ["packages/consensus/src/a.ts", 'export const socket = new WebSocket("ws://x");', pure],
  ["packages/consensus/src/a.ts", "export const format = new Intl.NumberFormat();", pure],
  ["packages/consensus/src/a.ts", 'export const order = "x".localeCompare("y");', pure],
  ["packages/consensus/src/a.ts", 'export const text = "x".toLocaleLowerCase();', pure],
  ["packages/consensus/src/a.ts", "export const gone = new WeakRef({}).deref();", pure],
  ["packages/consensus/src/a.ts", 'export const run = new Function("return 1");', "no-new-func"],
  ["tools/simulate/src/a.ts", "export const luck = Math.random();", "draws from its seed"],
  ["packages/rpc/src/a.ts", 'export const got = fetch("http://x");', "@synod/upstream-http"],
  ["services/round/src/a.ts", 'export const got = globalThis.fetch("http://x");', "@synod/upstream-http"],
  ["services/round/src/a.ts", 'export const key = process.env["KEY"];', "no-process-env"],
  ["packages/rpc/src/a.ts", "export const { KEY } = process.env;", "no-process-env"],
  [
    "packages/rpc/src/a.ts",
    'import { env } from "node:process"; export const key = env;',
    "Only packages/settings",
  ],
  ["services/round/src/a.ts", 'console.log("x");', "no-console"],
  ["packages/consensus/src/a.ts", 'console.log("x");', "no-console"],

  // How it is written.
  ["packages/rpc/src/a.ts", "export default 1;", "no-default-export"],
  ["tools/dev/src/a.ts", "export default function run() {}", "no-default-export"],
  ["services/round/src/a.ts", "export const a: any = 1;", "no-explicit-any"],
  ["services/round/src/a.ts", "export const f = (a?: string) => a!.length;", "no-non-null-assertion"],
  ["services/round/src/a.ts", 'try { JSON.parse(""); } catch {}', "no-empty"],
  [
    "services/round/src/a.test.ts",
    'import { test } from "vitest"; test.skip("x", () => {});',
    "no-disabled-tests",
  ],
  [
    "services/round/src/a.test.ts",
    'import { test } from "vitest"; test.only("x", () => {});',
    "no-focused-tests",
  ],
  [
    "services/round/src/a.ts",
    Array.from({ length: 401 }, (_, line) => `export const a${line} = 1;`).join("\n"),
    "max-lines",
  ],
];

// All in one tree, each under a name of its own: the linter starts once.
const numbered = forbidden.map(([path, text, expected], index) => {
  const own = path.replace(/a(?=\.(test\.)?ts$)/, `a${index}`);
  return { own, path, text, expected };
});
let mistakes = [];
beforeAll(async () => {
  mistakes = await lint(Object.fromEntries(numbered.map(({ own, text }) => [own, `${text}\n`])));
});

test.each(numbered)("$path may not say: $text", ({ own, expected }) => {
  const here = mistakes.filter((mistake) => mistake.startsWith(`${own}: `));
  expect(here).toContainEqual(expect.stringContaining(expected));
});

test("what each room may do is not reported", async () => {
  const found = await lint({
    "packages/contracts/src/a.ts": 'export * from "./gen/a.js";\nexport * from "@bufbuild/protobuf";\n',
    "packages/consensus/src/a.ts":
      'import "./b.js";\nimport "@stdlib/stats";\nexport const a = Math.floor(1.5);\n',
    "packages/consensus/src/b.ts": 'import "@cfworker/json-schema";\nexport const b = 1;\n',
    "packages/consensus/src/a.test.ts": 'import "node:fs";\nimport "vitest";\nimport "./a.js";\n',
    "packages/rpc/src/a.ts":
      'import { createClient } from "@connectrpc/connect";\ncreateClient();\nimport "@synod/contracts/error";\n',
    "packages/settings/src/a.ts": 'import "@synod/consensus";\nexport const all = process.env;\n',
    "services/round/src/routes/a.ts":
      'import "../b.js";\nimport "@synod/rpc";\nimport "@synod/contracts/round";\nimport "undici";\n',
    "services/round/src/a.test.ts":
      'import "@synod/simulator";\nimport "@synod/testing";\nconsole.log(process.env, fetch);\n',
    "services/all-in-one/src/a.ts": 'import "@synod/round";\nimport "@synod/simulator";\n',
    "tools/dev/src/a.ts": 'import "@synod/settings";\nconsole.log(process.env);\n',
    "tests/src/a.test.ts": 'import "@synod/simulator";\nimport "../src/b.js";\n',
    "packages/rpc/vitest.config.ts": "export default {};\n",
  });
  expect(found).toEqual([]);
});
