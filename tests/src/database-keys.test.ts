import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { ChatService } from "@synod/contracts/chat";
import { Health } from "@synod/contracts/health";
import { ServerReflection } from "@synod/contracts/reflection";
import { createGrpcTransport, createServiceClient, failureOf } from "@synod/rpc";
import { startCollector } from "@synod/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type CompletionJson, get, type HttpAnswer, post, question } from "./harness/api.js";
import { deployments, startDeployment } from "./harness/deployment.js";
import { openBeside } from "./harness/stores.js";
import { fails, members, panel, says, startUpstream, type Upstream } from "./harness/upstream.js";
import { until } from "./harness/until.js";

let upstream: Upstream;
let dataDir: string;
beforeAll(async () => {
  upstream = await startUpstream();
  dataDir = mkdtempSync(join(tmpdir(), "synod-keys-"));
});
afterAll(async () => {
  await upstream[Symbol.asyncDispose]();
  rmSync(dataDir, { recursive: true });
});

const path = "/v1/chat/completions";
const body = question("Which number?");
const bearer = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });
const everyoneSays = (text: string) =>
  [members.gemini, members.llama, members.mistral].map((m) => says(m, text));

/** What a caller over gRPC is told, by the service that it calls. */
async function overGrpc(target: string, headers: Record<string, string> = {}) {
  await using transport = createGrpcTransport({ target, services: [ChatService, Health, ServerReflection] });
  const reasonOf = (called: Promise<unknown>) =>
    called.then(
      () => "answered",
      (error: unknown) => failureOf(error).reason,
    );
  const reflected = createServiceClient(ServerReflection, transport).serverReflectionInfo(
    (async function* () {
      yield { messageRequest: { case: "listServices" as const, value: "" } };
    })(),
    { headers },
  );
  const readAll = async (): Promise<void> => {
    for await (const _ of reflected);
  };
  return {
    models: await reasonOf(createServiceClient(ChatService, transport).listModels({}, { headers })),
    reflection: await reasonOf(readAll()),
    health: await reasonOf(createServiceClient(Health, transport).check({})),
  };
}

describe.each(deployments)("keys of the database, $name", (kind) => {
  it("F31: open what nobody else opens", { timeout: 60_000 }, async () => {
    const folder = join(dataDir, `open-${kind.name}`);
    await using stores = await openBeside({ dataDir: folder });
    const { key, secret } = await stores.keys.create({ name: "team" });
    const env = { ...upstream.env, SYNOD_DATA_DIR: folder };
    await using synod = await startDeployment(kind, { env, config: panel() });
    upstream.script(everyoneSays("7"));
    const ask = (shown?: string) =>
      post(`${synod.url}${path}`, body, shown === undefined ? {} : bearer(shown));

    expect((await ask(secret)).status).toBe(200);
    const strangers = [undefined, "", "nonsense", `${secret}x`, secret.replace(/.{43}$/, "x".repeat(43))];
    const refused: HttpAnswer[] = [];
    for (const shown of strangers) refused.push(await ask(shown));
    expect(new Set(refused.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect([refused[0]?.status, refused[0]?.json()]).toMatchObject([
      401,
      { error: { code: "invalid_api_key" } },
    ]);
    expect(refused[0]?.headers["www-authenticate"]).toBe("Bearer");
    for (const asked of ["/v1/models", "/metrics", "/v1/runs", "/nothing"]) {
      expect([asked, (await get(`${synod.url}${asked}`)).status]).toEqual([asked, 401]);
    }
    expect((await get(`${synod.url}/healthz`)).status).toBe(200);
    const closed = { models: "invalid_api_key", reflection: "invalid_api_key", health: "answered" };
    expect(await overGrpc(synod.grpcAddress)).toEqual(closed);
    const open = { models: "answered", reflection: "answered", health: "answered" };
    expect(await overGrpc(synod.grpcAddress, bearer(secret).headers)).toEqual(open);
    const { runs } = await stores.runs.list({ limit: 100 });
    expect(runs.map(({ owner }) => owner)).toEqual([key.keyId]);
    expect(upstream.calls()).toHaveLength(3);
  });

  it(
    "open nothing while they cannot be looked up; those of the settings go on",
    { timeout: 60_000 },
    async () => {
      const folder = join(dataDir, `broken-${kind.name}`);
      const env = { ...upstream.env, SYNOD_DATA_DIR: folder, SYNOD_API_KEYS: "key-one" };
      const synod = await startDeployment(kind, { env, config: panel() });
      for (const name of readdirSync(folder)) rmSync(join(folder, name));
      writeFileSync(join(folder, "synod.db"), "This is a letter, not a database.".repeat(200));
      await until("it is noticed", () => synod.output().includes("storing fails"));
      const stranger = await get(`${synod.url}/v1/models`, bearer("sk-synod-nobody"));
      expect([stranger.status, stranger.json()]).toMatchObject([
        503,
        { error: { code: "storage_unavailable" } },
      ]);
      expect(stranger.headers["retry-after"]).toBe("5");
      expect((await get(`${synod.url}/v1/models`, bearer("key-one"))).status).toBe(200);
      await synod.stop();
    },
  );

  it("F61: occur nowhere, nor do those of the settings", { timeout: 60_000 }, async () => {
    await using collector = await startCollector();
    const folder = join(dataDir, `canary-${kind.name}`);
    const ofSettings = "sk-CANARY-of-the-settings-0123456789";
    const env = {
      ...upstream.env,
      SYNOD_DATA_DIR: folder,
      SYNOD_API_KEYS: ofSettings,
      SYNOD_LOG_LEVEL: "trace",
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    };
    const synod = await startDeployment(kind, { env, config: panel() });
    const made = await openBeside({ dataDir: folder });
    const limits = { requestsPerMinute: 3, usdNanosPerDay: 1_000_000_000 };
    const { key, secret } = await made.keys.create({ name: "canary", limits });
    await made[Symbol.asyncDispose]();

    const told: HttpAnswer[] = [];
    const bounded = { ...body, max_tokens: 100 };
    const ask = async (shown: string, asked: object, headers: Record<string, string> = {}) => {
      const answer = await post(`${synod.url}${path}`, asked, {
        headers: { ...bearer(shown).headers, ...headers },
      });
      told.push(answer);
      return answer.status;
    };
    upstream.script(everyoneSays("7"));
    for (const shown of [ofSettings, secret]) {
      expect(await ask(shown, bounded, { "idempotency-key": "canary" })).toBe(200);
      expect(await ask(shown, { ...bounded, stream: true })).toBe(200);
      expect(await ask(shown, { ...body, temperature: 7 })).toBe(400);
    }
    upstream.script(
      [members.gemini, members.llama, members.mistral].map((m) => fails(m, { kind: "status", status: 500 })),
    );
    for (const shown of [ofSettings, secret]) {
      expect(await ask(shown, bounded)).toBe(502);
      expect(await ask(shown, bounded)).toBe(shown === secret ? 429 : 502);
      told.push(await get(`${synod.url}/metrics`, bearer(shown)));
      told.push(await get(`${synod.url}/v1/models`, bearer(`${shown}-but-wrong`)));
      expect(await overGrpc(synod.grpcAddress, bearer(shown).headers)).toMatchObject({ models: "answered" });
    }
    await using stores = await openBeside({ dataDir: folder });
    const { runs } = await stores.runs.list({ limit: 100 });
    const records = await Promise.all(runs.map(({ runId }) => stores.runs.find(runId)));
    expect(new Set(runs.map(({ owner }) => owner)).has(key.keyId)).toBe(true);
    expect(await synod.stop()).toBe(0);
    await until("its spans have arrived", () => collector.requests.length > 0);

    const places: Readonly<Record<string, string>> = {
      "the log": synod.output(),
      answers: told.map(({ text, headers }) => text + JSON.stringify(headers)).join("\n"),
      traces: collector.requests.map(({ text }) => text).join("\n"),
      "run records": JSON.stringify(records),
      "the database": readdirSync(folder)
        .map((name) => readFileSync(join(folder, name), "latin1"))
        .join("\n"),
      "the upstream": JSON.stringify(upstream.simulator.control.ledger()),
    };
    expect(told[0]?.json<CompletionJson>().choices).toHaveLength(1);
    const secretPart = secret.slice(-43);
    for (const [place, text] of Object.entries(places)) {
      expect([place, text.length > 100]).toEqual([place, true]);
      for (const canary of [ofSettings, "CANARY-of-the", secretPart]) {
        expect([place, text.includes(canary)]).toEqual([place, false]);
      }
    }
  });
});

it(
  "keys count while Synod runs: within 5 seconds of being made or revoked",
  { timeout: 60_000 },
  async () => {
    const folder = join(dataDir, "while-it-runs");
    const env = { ...upstream.env, SYNOD_DATA_DIR: folder };
    await using synod = await startDeployment(deployments[0], { env, config: panel() });
    const look = async (shown?: string) =>
      (await get(`${synod.url}/v1/models`, shown === undefined ? {} : bearer(shown))).status;
    expect(await look()).toBe(200);
    await using stores = await openBeside({ dataDir: folder });
    const { key, secret } = await stores.keys.create({ name: "team" });
    await until("a key is needed", async () => (await look()) === 401, 20_000);
    expect(await look(secret)).toBe(200);
    await stores.keys.revoke(key.keyId);
    await until("it is revoked", async () => (await look(secret)) === 401, 20_000);
  },
);

it.each(["all-in-one", "chat-gateway"])(
  "%s does not start where everyone could spend money",
  async (service) => {
    const main = fileURLToPath(new URL(`../../services/${service}/dist/main.js`, import.meta.url));
    const child = spawn(process.execPath, [main], {
      stdio: ["ignore", "ignore", "pipe"],
      env: {
        PATH: process.env["PATH"],
        SYNOD_HOST: "0.0.0.0",
        SYNOD_PORT: "0",
        SYNOD_GRPC_PORT: "0",
        SYNOD_DATA_DIR: join(dataDir, `public-${service}`),
      },
    });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
    expect(await once(child, "close")).toEqual([2, null]);
    expect(said).toBe(
      "Synod cannot start. SYNOD_HOST: 0.0.0.0 is reachable from other machines, and without keys anyone there could " +
        "spend your money. Make one with `npx synod keys create`, set SYNOD_API_KEYS, or use 127.0.0.1.\n",
    );
  },
);
