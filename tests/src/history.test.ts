import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { recordOf } from "@synod/consensus";
import { findPostgres, startPostgres } from "@synod/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type CompletionJson, post, question, readSse, textOf } from "./harness/api.js";
import { deployments, startDeployment } from "./harness/deployment.js";
import { gatewayOf } from "./harness/processes.js";
import { openBeside, type StoresPlace } from "./harness/stores.js";
import { fails, members, panel, says, startUpstream, type Upstream } from "./harness/upstream.js";
import { until } from "./harness/until.js";

let upstream: Upstream;
let dataDir: string;
beforeAll(async () => {
  upstream = await startUpstream();
  dataDir = mkdtempSync(join(tmpdir(), "synod-history-"));
});
afterAll(async () => {
  await upstream[Symbol.asyncDispose]();
  rmSync(dataDir, { recursive: true });
});

const everyoneSays = (text: string) =>
  [members.gemini, members.llama, members.mistral].map((m) => says(m, text));

/** The runs that are stored, the newest first, as their answers' `consensus` would say it. */
async function storedRuns(place: StoresPlace, aheadMs = 0) {
  await using stores = await openBeside(place, aheadMs);
  const { runs } = await stores.runs.list({ limit: 100 });
  return Promise.all(
    runs.map(async (run) => ({
      ...run,
      record: recordOf((await stores.runs.read(run.runId)).map(({ event }) => event)),
    })),
  );
}

describe.each(deployments)("the history of runs, $name", (kind) => {
  it("is there after a stop, with what callers were told", { timeout: 60_000 }, async () => {
    const folder = join(dataDir, `stop-${kind.name}`);
    const env = { ...upstream.env, SYNOD_DATA_DIR: folder };
    const synod = await startDeployment(kind, { env, config: panel() });
    upstream.script(everyoneSays("7"));
    const body = question("Which number?");
    const unary = await post(`${synod.url}/v1/chat/completions`, body);
    const streamed = await post(`${synod.url}/v1/chat/completions`, { ...body, stream: true });
    expect(await synod.stop()).toBe(0);

    const told = unary.json<CompletionJson>();
    expect(textOf(told)).toBe("7");
    const last = readSse(streamed.text).chunks.at(-1) as Pick<CompletionJson, "consensus">;
    const runs = await storedRuns({ dataDir: folder });
    expect(runs.map(({ runId, status }) => [runId, status])).toEqual([
      [last.consensus.run_id, "completed"],
      [told.consensus.run_id, "completed"],
    ]);
    for (const { record } of runs) {
      expect(record).toMatchObject({ agreement: 1, calls: { made: 3 }, result: { answer: "7" } });
    }
    expect(upstream.calls()).toHaveLength(2 * 3);
  });

  it(
    "shows a run whose process was killed as failed, and is used on (F46)",
    { timeout: 60_000 },
    async () => {
      const folder = join(dataDir, `kill-${kind.name}`);
      const env = { ...upstream.env, SYNOD_DATA_DIR: folder };
      const killed = await startDeployment(kind, { env, config: panel({ grace_ms: 60_000 }) });
      upstream.script([
        says(members.gemini, "7"),
        says(members.llama, "7"),
        fails(members.mistral, { kind: "hang" }),
      ]);
      const left = post(`${killed.url}/v1/chat/completions`, question("Which number?")).catch(() => "gone");
      await until("two members' answers are stored", async () => {
        const runs = await storedRuns({ dataDir: folder }).catch(() => []);
        return (runs[0]?.events ?? 0) >= 4;
      });
      process.kill(gatewayOf(killed), "SIGKILL");
      expect(await left).toBe("gone");
      await killed.stop();

      const [run] = await storedRuns({ dataDir: folder }, 15_000);
      expect(run).toMatchObject({ status: "failed", incomplete: true, record: { result: null } });
      expect(run?.record.members.map(({ status }) => status)).toEqual(["answered", "answered"]);
      const synod = await startDeployment(kind, { env, config: panel() });
      upstream.script(everyoneSays("8"));
      expect((await post(`${synod.url}/v1/chat/completions`, question("Which number?"))).status).toBe(200);
      expect(await synod.stop()).toBe(0);
      expect((await storedRuns({ dataDir: folder }, 15_000)).map(({ status }) => status)).toEqual([
        "completed",
        "failed",
      ]);
    },
  );

  it(
    "refuses runs while it cannot be written, before anything is paid (F49)",
    { timeout: 60_000 },
    async () => {
      const folder = join(dataDir, `broken-${kind.name}`);
      const env = { ...upstream.env, SYNOD_DATA_DIR: folder };
      const synod = await startDeployment(kind, { env, config: panel() });
      upstream.script(everyoneSays("7"));
      const ask = () => post(`${synod.url}/v1/chat/completions`, question("Which number?"));
      expect((await ask()).status).toBe(200);
      for (const name of readdirSync(folder)) rmSync(join(folder, name));
      writeFileSync(join(folder, "synod.db"), "This is a letter, not a database.".repeat(200));
      await until("it is noticed", () => synod.output().includes("storing fails"));
      upstream.script(everyoneSays("7"));

      const refused = await ask();
      expect([refused.status, refused.json()]).toMatchObject([
        503,
        { error: { type: "overloaded", code: "storage_unavailable" } },
      ]);
      expect(refused.headers).toMatchObject({ "retry-after": "5", "x-should-retry": "true" });
      expect(refused.text).not.toContain(folder);
      expect(upstream.calls()).toEqual([]);
      expect(synod.output()).toContain(
        `${join(folder, "synod.db")}: it is damaged or is no database of Synod.`,
      );

      rmSync(join(folder, "synod.db"));
      await until("it works again", async () => (await ask()).status === 200);
      expect(await synod.stop()).toBe(0);
    },
  );
});

describe.skipIf(findPostgres() === undefined)("the history of runs in PostgreSQL", () => {
  it("is shared by two gateways, and its password stands nowhere", { timeout: 90_000 }, async () => {
    await using server = await startPostgres();
    const databaseUrl = await server.newDatabase();
    const env = { ...upstream.env, SYNOD_DATABASE_URL: databaseUrl, SYNOD_LOG_LEVEL: "trace" };
    const [first, second] = await Promise.all(
      deployments.map((kind) => startDeployment(kind, { env, config: panel() })),
    );
    upstream.script(everyoneSays("7"));
    for (const synod of [first, second]) {
      expect((await post(`${synod?.url}/v1/chat/completions`, question("Which number?"))).status).toBe(200);
    }
    await server.stop();
    await until("both notice", () =>
      [first, second].every((synod) => synod?.output().includes("storing fails")),
    );
    const refused = await post(`${first?.url}/v1/chat/completions`, question("Which number?"));
    expect([refused.status, refused.json()]).toMatchObject([503, { error: { code: "storage_unavailable" } }]);
    await server.start();
    expect([await first?.stop(), await second?.stop()]).toEqual([0, 0]);

    const runs = await storedRuns({ databaseUrl });
    expect(runs.map(({ status }) => status)).toEqual(["completed", "completed"]);
    expect(upstream.calls()).toHaveLength(2 * 3);
    for (const synod of [first, second]) expect(synod?.output()).not.toMatch(/CANARY|p%40ss|p@ss/);
  });
});
