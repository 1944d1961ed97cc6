import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { request } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type CompletionJson, get, post, question, readSse, textOf } from "./harness/api.js";
import { type Deployment, deployments, startDeployment } from "./harness/deployment.js";

const buf = fileURLToPath(new URL("../../node_modules/.bin/buf", import.meta.url));
const protoFolder = fileURLToPath(new URL("../..", import.meta.url));
const bufCurl = (...args: string[]): Promise<{ stdout: string }> =>
  promisify(execFile)(buf, ["curl", ...args]);

describe.each(deployments)("without any setting, $name", (kind) => {
  let synod: Deployment;

  beforeAll(async () => {
    synod = await startDeployment(kind);
  }, 60_000);
  afterAll(async () => {
    expect(await synod.stop()).toBe(0);
  });

  it("answers a question of the simulator's bank, and says that it is a simulation", async () => {
    const answer = await post(`${synod.url}/v1/chat/completions`, question("What is 17 * 23?"));
    expect(answer.status).toBe(200);
    const completion = answer.json<CompletionJson>();
    expect(completion).toMatchObject({ object: "chat.completion", model: "synod/default" });
    expect(completion.id).toMatch(/^chatcmpl-/);
    expect(textOf(completion)).toContain("391");
    expect(completion.usage.cost).toBe(0);
    expect(completion.consensus).toMatchObject({
      preset: "default",
      strategy: "synthesis",
      simulated: true,
      rounds: 1,
      validated: null,
      calls: { made: 6, saved: 0 },
      cost_usd: 0,
    });
    expect(completion.consensus.members).toHaveLength(5);
    for (const member of completion.consensus.members) expect(member.model).toMatch(/^sim\//);
  });

  it("streams the same", async () => {
    const answer = await post(`${synod.url}/v1/chat/completions`, {
      ...question("What is 17 * 23?"),
      stream: true,
    });
    expect(answer.headers["content-type"]).toMatch(/^text\/event-stream/);
    const { comments, chunks, done } = readSse(answer.text);
    expect(done).toBe(true);
    expect(comments.some((comment) => /^: synod round 1 \d\/5 answered$/.test(comment))).toBe(true);
    const deltas = chunks.map(
      (chunk) => (chunk as { choices: { delta: { content?: string } }[] }).choices[0]?.delta.content ?? "",
    );
    expect(deltas.join("")).toContain("391");
    expect(chunks.at(-1)).toMatchObject({ choices: [], consensus: { simulated: true, calls: { made: 6 } } });
    expect((chunks.at(-1) as unknown as CompletionJson).usage.total_tokens).toBeGreaterThan(0);
  });

  it("serves the reference system's endpoint, with and without the last slash", async () => {
    for (const path of ["/api/routes/chat/", "/api/routes/chat"]) {
      const answer = await post(`${synod.url}${path}`, {
        system_message: "Be short.",
        user_message: "What is 5 + 6?",
      });
      expect(answer.status).toBe(200);
      expect(answer.json<{ response: string }>().response).toContain("11");
    }
  });

  it("passes a question through to one model", async () => {
    const answer = await post(
      `${synod.url}/v1/chat/completions`,
      question("What is 5 + 6?", "sim/ada-large"),
    );
    expect(answer.status).toBe(200);
    expect(textOf(answer.json<CompletionJson>())).toContain("11");
  });

  it("lists presets first, then models", async () => {
    const { data } = (await get(`${synod.url}/v1/models`)).json<{ data: { id: string }[] }>();
    expect(data[0]?.id).toBe("synod/default");
    expect(data.map((model) => model.id)).toContain("sim/ada-large");
  });

  it("is alive, ready and measured", async () => {
    expect((await get(`${synod.url}/healthz`)).status).toBe(200);
    expect((await get(`${synod.url}/readyz`)).status).toBe(200);
    expect((await get(`${synod.url}/metrics`)).text).toContain("synod_");
  });

  it("names what is wrong with a request, before anything is paid", async () => {
    const url = `${synod.url}/v1/chat/completions`;
    const cases: [unknown, number, string | null, string][] = [
      [question("?", "synod/nonesuch"), 404, "model", "model_not_found"],
      [question("?", "sim/missing-model"), 404, "model", "model_not_found"],
      [{ ...question("?"), temperature: 3 }, 400, "temperature", "invalid_value"],
      [{ model: "synod/default" }, 400, "messages", "invalid_value"],
      [{ ...question("?"), consensus: { quorum: 99 } }, 400, "consensus.quorum", "invalid_value"],
      [question("?", "openrouter/google/gemini-2.0-flash-001"), 503, null, "provider_not_configured"],
    ];
    for (const [body, status, param, code] of cases) {
      const answer = await post(url, body);
      expect([answer.status, answer.json()]).toMatchObject([status, { error: { param, code } }]);
      expect(answer.headers["x-request-id"]).toBeDefined();
      expect(answer.headers["x-should-retry"]).toBe("false");
    }
    const garbage = await request(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{",
    });
    expect([garbage.statusCode, await garbage.body.json()]).toMatchObject([
      400,
      { error: { code: "invalid_value" } },
    ]);
    const get405 = await request(url);
    await get405.body.dump();
    expect([get405.statusCode, get405.headers.allow]).toEqual([405, "POST"]);
  });

  it("answers buf curl over gRPC by reflection, and over Connect", { timeout: 20_000 }, async () => {
    const data = JSON.stringify({
      model: "synod/default",
      messages: [{ role: "ROLE_USER", parts: [{ text: "What is 5 + 6?" }] }],
    });
    const method = "synod.chat.v1.ChatService/Chat";
    const grpc = await bufCurl(
      "--protocol",
      "grpc",
      "--http2-prior-knowledge",
      "-d",
      data,
      `http://${synod.grpcAddress}/${method}`,
    );
    expect(grpc.stdout).toContain("11");
    const connect = await bufCurl(
      "--schema",
      protoFolder,
      "--protocol",
      "connect",
      "-d",
      data,
      `${synod.url}/${method}`,
    );
    expect(JSON.parse(connect.stdout)).toMatchObject({ consensus: { simulated: true, callsMade: 6 } });
  });
});
