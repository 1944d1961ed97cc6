import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

// `npm run check` cannot do it: these clients are installed for tests alone.
it("what these suites do is what the clients' own types allow", () => {
  const root = new URL("../../", import.meta.url);
  const compiler = fileURLToPath(new URL("node_modules/typescript/bin/tsc", root));
  const arguments_ = [compiler, "-p", fileURLToPath(new URL("tsconfig.json", import.meta.url))];
  const { stdout, status } = spawnSync(process.execPath, arguments_, { encoding: "utf8" });
  expect([stdout, status]).toEqual(["", 0]);
}, 60_000);
