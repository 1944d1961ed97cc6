import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type CompletionJson, post, question, readSse, textOf } from "./harness/api.js";
import { awaitReady, deployments, startDeployment } from "./harness/deployment.js";
import { fails, members, panel, says, startUpstream, type Upstream } from "./harness/upstream.js";
import { until } from "./harness/until.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The processes that carry a mark in their environment. */
function marked(mark: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, "utf8").includes(mark);
      } catch {
        return false; // it is gone, or not ours
      }
    })
    .map(Number);
}

describe("F45: SIGTERM", () => {
  let upstream: Upstream;
  beforeAll(async () => {
    upstream = await startUpstream();
  });
  afterAll(async () => {
    await upstream[Symbol.asyncDispose]();
  });

  it.each(deployments)(
    "lets what runs finish, takes nothing new and leaves nothing, $name",
    { timeout: 60_000 },
    async (kind) => {
      const mark = `TEST_MARK=${kind.name.replaceAll(" ", "-")}-${process.pid}`;
      const [name = "", value = ""] = mark.split("=");
      const synod = await startDeployment(kind, { env: { ...upstream.env, [name]: value }, config: panel() });
      upstream.script([
        says(members.gemini, "7"),
        says(members.llama, "7"),
        fails(members.mistral, { kind: "slow_first_token", ms: 1_500 }),
      ]);
      const body = question("Which number?");
      const unary = Array.from({ length: 10 }, () => post(`${synod.url}/v1/chat/completions`, body));
      const streamed = Array.from({ length: 10 }, () =>
        post(`${synod.url}/v1/chat/completions`, { ...body, stream: true }),
      );
      await until("every member of every run is asked", () => upstream.calls().length === 20 * 3);

      const exit = synod.stop();
      for (const answer of await Promise.all(unary)) {
        expect(answer.status).toBe(200);
        expect(textOf(answer.json<CompletionJson>())).toBe("7");
      }
      for (const answer of await Promise.all(streamed)) {
        const { chunks, done } = readSse(answer.text);
        expect(done).toBe(true);
        expect(chunks.at(-1)).toMatchObject({ consensus: { calls: { made: 3 } } });
      }
      expect(await exit).toBe(0);
      expect(upstream.calls()).toHaveLength(20 * 3);
      expect(marked(mark)).toEqual([]);
    },
  );

  it.each(["start", "start:cluster"])(
    "ends `npm run %s` with exit code 0 and leaves nothing",
    { timeout: 120_000 },
    async (script) => {
      const mark = `TEST_MARK=${script.replace(":", "-")}-${process.pid}`;
      const [name = "", value = ""] = mark.split("=");
      const own = {
        SYNOD_PORT: "0",
        SYNOD_GRPC_PORT: "0",
        SYNOD_DATA_DIR: mkdtempSync(join(tmpdir(), "synod-")),
      };
      const npm = spawn("npm", ["run", script], {
        cwd: root,
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, ...upstream.env, ...own, [name]: value },
      });
      const exited = once(npm, "exit");
      await awaitReady(npm);
      npm.kill("SIGTERM");
      const [code] = await exited;
      expect(code).toBe(0);
      await until("no process is left", () => marked(mark).length === 0);
    },
  );

  it("leaves nothing when the cluster's launcher is killed", { timeout: 60_000 }, async () => {
    const mark = `TEST_MARK=killed-${process.pid}`;
    const [name = "", value = ""] = mark.split("=");
    const synod = await startDeployment(deployments[1], { env: { ...upstream.env, [name]: value } });
    expect(marked(mark)).toHaveLength(1 + 5);
    synod.process.kill("SIGKILL");
    await until("no process is left", () => marked(mark).length === 0);
  });
});
