import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

const dataDir = mkdtempSync(join(tmpdir(), "synod-"));
const services = ["provider-gateway", "round", "aggregation", "judge", "chat-gateway", "all-in-one"];

describe.each(services)("%s, asked to stop before it is ready", (service) => {
  it("ends with code 0 when its launcher is gone at once", async () => {
    const main = fileURLToPath(new URL(`../../services/${service}/dist/main.js`, import.meta.url));
    const child = spawn(process.execPath, [main], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      env: { PATH: process.env["PATH"], SYNOD_PORT: "0", SYNOD_GRPC_PORT: "0", SYNOD_DATA_DIR: dataDir },
    });
    const exited = once(child, "exit");
    child.disconnect();
    expect(await exited).toEqual([0, null]);
  }, 30_000);
});
