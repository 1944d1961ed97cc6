import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ChatService } from "@synod/contracts/chat";
import { Role } from "@synod/contracts/model";
import { createGrpcTransport, createServiceClient, failureOf } from "@synod/rpc";
import { findPostgres, startPostgres } from "@synod/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type CompletionJson, get, type HttpAnswer, post, question, readSse, textOf } from "./harness/api.js";
import { type Deployment, deployments, startDeployment } from "./harness/deployment.js";
import { openBeside } from "./harness/stores.js";
import { fails, members, panel, says, startUpstream, type Upstream } from "./harness/upstream.js";
import { until } from "./harness/until.js";

let upstream: Upstream;
let dataDir: string;
beforeAll(async () => {
  upstream = await startUpstream();
  dataDir = mkdtempSync(join(tmpdir(), "synod-once-"));
});
afterAll(async () => {
  await upstream[Symbol.asyncDispose]();
  rmSync(dataDir, { recursive: true });
});

const path = "/v1/chat/completions";
const body = question("Which number?");
const model = `groq/${members.llama}`;
const everyoneSays = (text: string) =>
  [members.gemini, members.llama, members.mistral].map((m) => says(m, text));
/** The members answer after so many milliseconds. */
const slowly = (ms: number) =>
  [members.gemini, members.llama, members.mistral].map((m) => fails(m, { kind: "slow_first_token", ms }));
const keyed = (key: string) => ({ headers: { "idempotency-key": key } });
const replayed = ({ headers }: HttpAnswer) => headers["idempotency-replayed"];

/** Sends a request and breaks the connection while it is being answered. */
async function cut(
  url: string,
  calls: number,
  headers: Record<string, string>,
  before?: () => Promise<void>,
) {
  const cutting = new AbortController();
  const sent = post(`${url}${path}`, body, { headers, signal: cutting.signal }).catch(() => "cut");
  await until("it is being answered", () => upstream.calls().length === calls);
  await before?.();
  cutting.abort();
  expect(await sent).toBe("cut");
}

describe.each(deployments)("requests that are sent again, $name", (kind) => {
  let synod: Deployment;
  const folder = () => join(dataDir, kind.name);

  beforeAll(async () => {
    const env = { ...upstream.env, SYNOD_DATA_DIR: folder(), SYNOD_API_KEYS: "key-one,key-two" };
    synod = await startDeployment(kind, { env, config: panel() });
  }, 60_000);
  afterAll(() => synod.stop());

  const one = { authorization: "Bearer key-one" };
  const send = (key: string, asked: object = body, headers: Record<string, string> = one) =>
    post(`${synod.url}${path}`, asked, { headers: { ...headers, "idempotency-key": key } });

  it("F27: with a key are answered as the first was, without a new call", async () => {
    upstream.script(everyoneSays("7"));
    const [first, again] = [await send("f27"), await send("f27")];
    expect([replayed(first), replayed(again)]).toEqual([undefined, "true"]);
    expect([again.status, again.text]).toEqual([first.status, first.text]);
    expect(upstream.calls()).toHaveLength(3);

    const streamed = { ...body, stream: true };
    const whole = readSse((await send("f27-stream", streamed)).text);
    const told = await send("f27-stream", streamed);
    expect(replayed(told)).toBe("true");
    expect(readSse(told.text)).toMatchObject({ done: true, comments: [] });
    expect(readSse(told.text).chunks.at(-1)).toEqual(whole.chunks.at(-1));

    const passed = question("Which number?", model);
    const passedOn = [await send("f27-model", passed), await send("f27-model", passed)];
    expect(passedOn.map(replayed)).toEqual([undefined, "true"]);
    expect(upstream.calls()).toHaveLength(7);
  });

  it("F27: with a key over gRPC too", async () => {
    upstream.script(everyoneSays("7"));
    await using transport = createGrpcTransport({ target: synod.grpcAddress, services: [ChatService] });
    const client = createServiceClient(ChatService, transport);
    const messages = [
      { role: Role.USER, parts: [{ content: { case: "text" as const, value: "Which number?" } }] },
    ];
    const headers = { ...one, "idempotency-key": "f27-rpc" };
    const first = await client.chat({ model: "synod/default", messages }, { headers });
    let isReplayed = false;
    const onHeader = (header: Headers): void => {
      isReplayed = header.get("idempotency-replayed") === "true";
    };
    expect(await client.chat({ model: "synod/default", messages }, { headers, onHeader })).toEqual(first);
    expect(isReplayed).toBe(true);
    const other = await client.chat({ model, messages }, { headers }).catch(failureOf);
    expect(other).toMatchObject({ reason: "idempotency_key_reused" });
    expect(upstream.calls()).toHaveLength(3);
  });

  it("F28: with a key are carried out once of 50 at once", async () => {
    upstream.script(everyoneSays("7"));
    const answers = await Promise.all(Array.from({ length: 50 }, () => send("f28")));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(200);
    expect(upstream.calls()).toHaveLength(3);
  });

  it("F29: with a key and another body are refused; keys belong to their owner, and have a form", async () => {
    upstream.script(everyoneSays("7"));
    expect((await send("f29")).status).toBe(200);
    const reused = await send("f29", question("Which other number?"));
    expect([reused.status, reused.json()]).toMatchObject([
      422,
      { error: { code: "idempotency_key_reused" } },
    ]);
    const theirs = await send("f29", body, { authorization: "Bearer key-two" });
    expect([theirs.status, replayed(theirs)]).toEqual([200, undefined]);
    for (const key of ["x".repeat(256), "a b"]) expect((await send(key)).status).toBe(400);
    expect(upstream.calls()).toHaveLength(6);
  });

  it("F25: with a key after the connection broke are told what the run came to, which went on", async () => {
    upstream.script(slowly(300));
    await cut(synod.url, 3, { ...one, "idempotency-key": "f25" });
    const fetched = await send("f25");
    expect([fetched.status, replayed(fetched)]).toEqual([200, "true"]);
    const { consensus } = fetched.json<CompletionJson>();
    expect(consensus.members.map(({ status }) => status)).toEqual(["answered", "answered", "answered"]);
    expect(upstream.calls()).toHaveLength(3);
    await using stores = await openBeside({ dataDir: folder() });
    const run = await stores.runs.find(consensus.run_id);
    expect(run).toMatchObject({ status: "completed", idempotencyKey: "f25" });
  });

  it("F30: without a key join the run while it goes on, and are told of one that ended well", async () => {
    upstream.script(slowly(1_500));
    const again = { ...one, "x-stainless-retry-count": "1" };
    let joined: Promise<HttpAnswer> | undefined;
    await cut(synod.url, 3, { ...one, "x-stainless-retry-count": "0" }, async () => {
      joined = post(`${synod.url}${path}`, body, { headers: again });
      await get(`${synod.url}/healthz`);
    });
    const answer = await joined;
    expect(answer?.status).toBe(200);
    expect(answer && replayed(answer)).toBe("true");
    const later = await post(`${synod.url}${path}`, body, { headers: again });
    expect([later.text, replayed(later)]).toEqual([answer?.text, "true"]);
    expect(upstream.calls()).toHaveLength(3);
  });

  it("F25: without a key are given up when nobody comes back", async () => {
    upstream.script([members.gemini, members.llama, members.mistral].map((m) => fails(m, { kind: "hang" })));
    await cut(synod.url, 3, { ...one, "x-stainless-retry-count": "0" });
    await until("every call was left", () => upstream.calls().every(({ state }) => state === "aborted"));
  });
});

describe.skipIf(findPostgres() === undefined)("two gateways that share a PostgreSQL", () => {
  it("F28: carry a request out once of 50 that come to both at once", { timeout: 90_000 }, async () => {
    await using server = await startPostgres();
    const env = { ...upstream.env, SYNOD_DATABASE_URL: await server.newDatabase() };
    const both = await Promise.all(
      deployments.map((kind) => startDeployment(kind, { env, config: panel() })),
    );
    upstream.script(everyoneSays("7"));
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => post(`${both[index % 2]?.url}${path}`, body, keyed("shared"))),
    );
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(200);
    expect(textOf(JSON.parse(answers[0]?.text ?? ""))).toBe("7");
    expect(answers.filter((answer) => replayed(answer) === "true")).toHaveLength(49);
    expect(upstream.calls()).toHaveLength(3);

    upstream.script(slowly(300));
    await cut(both[0]?.url ?? "", 3, { "idempotency-key": "cut" });
    const fetched = await post(`${both[1]?.url}${path}`, body, keyed("cut"));
    expect([fetched.status, replayed(fetched)]).toEqual([200, "true"]);
    expect(upstream.calls()).toHaveLength(3);
    await server.stop();
    await until("both notice", () => both.every((synod) => synod.output().includes("storing fails")));
    for (const synod of both) {
      const refused = await post(`${synod.url}${path}`, body, keyed("new"));
      expect([refused.status, refused.json()]).toMatchObject([
        503,
        { error: { code: "storage_unavailable" } },
      ]);
    }
    expect(upstream.calls()).toHaveLength(3);
    await server.start();
    expect(await Promise.all(both.map((synod) => synod.stop()))).toEqual([0, 0]);
  });
});
