import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

it("says what to do where nothing is built yet", async () => {
  const folder = mkdtempSync(join(tmpdir(), "synod-bin-"));
  cpSync(fileURLToPath(new URL("../bin", import.meta.url)), join(folder, "bin"), { recursive: true });
  const called = new Promise((resolve) => {
    execFile(process.execPath, [join(folder, "bin", "synod.mjs"), "chat", "?"], (error, out, err) =>
      resolve({ code: error?.code, out, err }),
    );
  });
  expect(await called).toEqual({
    code: 1,
    out: "",
    err: "synod: not built yet. Run `npm start` once, or `npm run build`, in the folder of Synod.\n",
  });
  rmSync(folder, { recursive: true });
});
