import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Code, ConnectError } from "@connectrpc/connect";
import { ChatService, RunStatus } from "@synod/contracts/chat";
import { Role } from "@synod/contracts/model";
import { createGrpcTransport, createServiceClient, failureOf } from "@synod/rpc";
import { findPostgres, startPostgres } from "@synod/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { type CompletionJson, get, post, question, readSse } from "./harness/api.js";
import { type Deployment, deployments, startDeployment } from "./harness/deployment.js";
import { follow } from "./harness/follow.js";
import { fails, members, panel, says, startUpstream, type Upstream } from "./harness/upstream.js";
import { until } from "./harness/until.js";

let upstream: Upstream;
let dataDir: string;
beforeAll(async () => {
  upstream = await startUpstream();
  dataDir = mkdtempSync(join(tmpdir(), "synod-runs-"));
});
afterAll(async () => {
  await upstream[Symbol.asyncDispose]();
  rmSync(dataDir, { recursive: true });
});

const path = "/v1/chat/completions";
const body = question("Which number?");
const config = panel({ grace_ms: 60_000 });
const [gemini, llama, mistral] = [members.gemini, members.llama, members.mistral];
const everyoneSays = (text: string) => [gemini, llama, mistral].map((model) => says(model, text));
/** The last member lets everyone wait. */
const oneHangs = [says(gemini, "7"), says(llama, "7"), fails(mistral, { kind: "hang" })];
const slow = [says(gemini, "7"), says(llama, "7"), fails(mistral, { kind: "slow_first_token", ms: 1_000 })];
const whole = [
  "runStarted",
  "roundStarted",
  "memberAnswered",
  "memberAnswered",
  "memberAnswered",
  "roundEnded",
  "aggregated",
  "runFinished",
];

/** A run's body, as far as is looked at. */
interface RunJson {
  readonly id: string;
  readonly status: string;
  readonly request: unknown;
  readonly response: CompletionJson | null;
  readonly error: { readonly code: string } | null;
  readonly consensus: CompletionJson["consensus"];
}
interface RunListJson {
  readonly data: readonly { readonly id: string; readonly status: string }[];
}

const runOf = async (url: string, id: string): Promise<RunJson> =>
  (await get(`${url}/v1/runs/${id}`)).json<RunJson>();

const newest = async (url: string): Promise<string | undefined> =>
  (await get(`${url}/v1/runs?limit=1`)).json<RunListJson>().data[0]?.id;

/** Asks for a run at one gateway, and learns its id at another, or the same. */
async function begin(at: string, other: string, fields: object = {}) {
  const before = await newest(other);
  const asked = post(`${at}${path}`, { ...body, ...fields });
  let runId = before;
  await until("the run is known", async () => (runId = await newest(other)) !== before);
  return { asked, runId: runId ?? "" };
}

const hanging = () => upstream.calls().find(({ model }) => model === mistral);
/** Waits until two members of a run have answered, and the last one hangs. */
async function untilOneHangs(url: string, runId: string): Promise<void> {
  await until("two have answered", async () => (await runOf(url, runId)).consensus.members.length === 2);
  await until("one hangs", () => ["received", "streaming"].includes(hanging()?.state ?? ""));
}

describe.each(deployments)("runs, $name", (kind) => {
  let synod: Deployment;
  beforeAll(async () => {
    synod = await startDeployment(kind, { env: upstream.env, config });
  }, 60_000);
  afterAll(async () => {
    expect(await synod.stop()).toBe(0);
  });

  it("show what their callers asked and got, whole and streamed, and reading them pays nothing", async () => {
    upstream.script(everyoneSays("7"));
    const answer = (await post(`${synod.url}${path}`, body)).json<CompletionJson>();
    const run = await runOf(synod.url, answer.consensus.run_id);
    expect(run).toEqual({
      id: answer.consensus.run_id,
      object: "run",
      status: "completed",
      created_at: expect.any(Number),
      finished_at: expect.any(Number),
      request: body,
      response: answer,
      error: null,
      consensus: answer.consensus,
    });
    const { chunks } = readSse((await post(`${synod.url}${path}`, { ...body, stream: true })).text);
    const { data } = (await get(`${synod.url}/openai/v1/runs?limit=2&preset=default`)).json<RunListJson>();
    expect(data.map(({ id }) => id).slice(1)).toEqual([run.id]);
    const streamed = await runOf(synod.url, data[0]?.id ?? "");
    const last = chunks.at(-1) as Pick<CompletionJson, "usage" | "consensus" | "id" | "system_fingerprint">;
    expect(streamed.response).toMatchObject({
      id: last.id,
      created: chunks[0]?.["created"],
      system_fingerprint: last.system_fingerprint,
      usage: last.usage,
      consensus: last.consensus,
      choices: [{ message: { content: "7" }, finish_reason: "stop" }],
    });
    expect(upstream.calls()).toHaveLength(2 * 3);
  });

  it("are followed by a hundred, from the beginning and from the middle, while one leaves", async () => {
    upstream.script(slow);
    const { asked, runId } = await begin(synod.url, synod.url);
    const followers = await Promise.all(Array.from({ length: 100 }, () => follow(synod.url, runId)));
    const [leaver, ...others] = followers;
    const resumed = await follow(synod.url, runId, 2);
    await until("one has begun", () => (leaver?.events().length ?? 0) >= 2);
    leaver?.leave();
    await Promise.all([...others, resumed].map(({ ended }) => ended));
    expect(new Set(others.map((other) => other.text())).size).toBe(1);
    const events = others[0]?.events() ?? [];
    whole.forEach((name, index) =>
      expect(events[index]).toMatchObject({ runId, seq: index + 1, [name]: {} }),
    );
    expect(events).toHaveLength(whole.length);
    expect(resumed.events()).toEqual(events.slice(2));
    expect((await asked).status).toBe(200);
    expect(upstream.calls()).toHaveLength(3);
  });

  it("end within a second when they are cancelled, and stay paid for", async () => {
    for (const stream of [false, true]) {
      upstream.script(oneHangs);
      const { asked, runId } = await begin(synod.url, synod.url, { stream });
      await untilOneHangs(synod.url, runId);
      expect((await post(`${synod.url}/v1/runs/${runId}/cancel`, {})).status).toBe(200);
      await until("its connection is closed", () => hanging()?.state === "aborted", 1_000);
      const told = await asked;
      if (stream) {
        expect(readSse(told.text)).toMatchObject({ done: true });
        expect(readSse(told.text).chunks.at(-1)).toMatchObject({ error: { code: 409 } });
      } else {
        expect([told.status, told.headers["x-should-retry"]]).toEqual([409, "false"]);
        expect(told.json()).toMatchObject({ error: { code: "run_cancelled" } });
      }
      const run = await runOf(synod.url, runId);
      expect(run).toMatchObject({ status: "cancelled", response: null, error: { code: "run_cancelled" } });
      expect(run.consensus.calls.made).toBe(3);
      expect(run.consensus.members.map(({ status }) => status).toSorted()).toEqual([
        "answered",
        "answered",
        "cancelled",
      ]);
      expect(upstream.calls()).toHaveLength(3);
    }
  });

  it("are read, followed and cancelled over gRPC", async () => {
    await using transport = createGrpcTransport({ target: synod.grpcAddress, services: [ChatService] });
    const client = createServiceClient(ChatService, transport);
    const parts = [{ content: { case: "text", value: "Which number?" } as const }];
    const chat = { model: "synod/default", messages: [{ role: Role.USER, parts }] };
    upstream.script(everyoneSays("7"));
    const { message, consensus } = await client.chat(chat);
    const runId = consensus?.runId ?? "";
    const { run } = await client.getRun({ runId });
    expect(run).toMatchObject({ runId, status: RunStatus.COMPLETED, answer: { message }, consensus });
    expect(JSON.parse(run?.requestJson ?? "")).toMatchObject({ model: "synod/default" });
    expect((await runOf(synod.url, runId)).request).toEqual(JSON.parse(run?.requestJson ?? ""));
    const arms: unknown[] = [];
    for await (const { event } of client.streamRunEvents({ runId, afterSeq: 5 }))
      arms.push(event?.event.case);
    expect(arms).toEqual(whole.slice(5));
    expect((await client.listRuns({ limit: 1 })).runs).toMatchObject([{ runId, eventCount: 8 }]);
    expect(upstream.calls()).toHaveLength(3);

    upstream.script(oneHangs);
    const asked = client.chat(chat).catch((error: unknown) => error);
    let running = "";
    await until("the run is known", async () => {
      running = (await client.listRuns({ status: RunStatus.RUNNING })).runs[0]?.runId ?? "";
      return running !== "";
    });
    await untilOneHangs(synod.url, running);
    await client.cancelRun({ runId: running });
    await until("its connection is closed", () => hanging()?.state === "aborted", 1_000);
    const told = await asked;
    expect(told).toBeInstanceOf(ConnectError);
    expect((told as ConnectError).code).toBe(Code.Aborted);
    expect(failureOf(told)).toMatchObject({ reason: "run_cancelled", retryable: false });
    const unknown = await client.getRun({ runId: "unknown" }).catch((error: unknown) => error);
    expect((unknown as ConnectError).code).toBe(Code.NotFound);
    expect(upstream.calls()).toHaveLength(3);
  });
});

const places = [
  { name: "SQLite", available: true },
  { name: "PostgreSQL", available: findPostgres() !== undefined },
] as const;

for (const { name, available } of places) {
  describe.skipIf(!available)(`runs of two gateways that share ${name}`, () => {
    let here: Deployment;
    let there: Deployment;
    let close = async (): Promise<void> => {};
    beforeAll(async () => {
      const server = name === "PostgreSQL" ? await startPostgres() : undefined;
      const place =
        server === undefined
          ? { SYNOD_DATA_DIR: join(dataDir, "shared") }
          : { SYNOD_DATABASE_URL: await server.newDatabase() };
      const env = { ...upstream.env, ...place };
      [here, there] = await Promise.all([
        startDeployment(deployments[0], { env, config }),
        startDeployment(deployments[1], { env, config }),
      ]);
      close = async () => {
        expect(await Promise.all([here.stop(), there.stop()])).toEqual([0, 0]);
        await server?.[Symbol.asyncDispose]();
      };
    }, 90_000);
    afterAll(() => close(), 60_000);
    beforeEach(() => upstream.script(slow));

    it("are followed and read from the other one", async () => {
      const { asked, runId } = await begin(here.url, there.url);
      const [near, far] = await Promise.all([follow(here.url, runId), follow(there.url, runId)]);
      await Promise.all([near.ended, far.ended]);
      expect(far.text()).toBe(near.text());
      expect(far.events()).toHaveLength(whole.length);
      const answer = (await asked).json<CompletionJson>();
      expect(await runOf(there.url, runId)).toMatchObject({ status: "completed", response: answer });
      expect(upstream.calls()).toHaveLength(3);
    });

    it("are cancelled from the other one, within a second", async () => {
      upstream.script(oneHangs);
      const { asked, runId } = await begin(here.url, there.url);
      await untilOneHangs(there.url, runId);
      expect((await post(`${there.url}/v1/runs/${runId}/cancel`, {})).status).toBe(200);
      await until("its connection is closed", () => hanging()?.state === "aborted", 1_000);
      expect((await asked).json()).toMatchObject({ error: { code: "run_cancelled" } });
      await until("its end is stored", async () => (await runOf(there.url, runId)).status === "cancelled");
      expect(await runOf(there.url, runId)).toMatchObject({ consensus: { calls: { made: 3 } } });
      expect(upstream.calls()).toHaveLength(3);
    });
  });
}
