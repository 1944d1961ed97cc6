import { ChatService } from "@synod/contracts/chat";
import { RoundService } from "@synod/contracts/round";
import { createGrpcTransport, createServiceClient, failureOf } from "@synod/rpc";
import { request } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { get, post, question } from "./harness/api.js";
import { type Deployment, deployments, startDeployment } from "./harness/deployment.js";
import { members, panel, says, startUpstream, type Upstream } from "./harness/upstream.js";

describe.each(deployments)("with keys, $name", (kind) => {
  let upstream: Upstream;
  let synod: Deployment;

  beforeAll(async () => {
    upstream = await startUpstream();
    const env = {
      ...upstream.env,
      SYNOD_API_KEYS: "key-one,key-two",
      SYNOD_INNER_TOKEN: "between-the-services",
    };
    synod = await startDeployment(kind, { env, config: panel() });
    upstream.script([says(members.gemini, "7"), says(members.llama, "7"), says(members.mistral, "7")]);
  }, 60_000);
  afterAll(async () => {
    await synod.stop();
    await upstream[Symbol.asyncDispose]();
  });

  it("answers a caller with a key", async () => {
    const before = upstream.calls().length;
    const response = await request(`${synod.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer key-two" },
      body: JSON.stringify(question("Which number?")),
    });
    await response.body.dump();
    expect(response.statusCode).toBe(200);
    expect(upstream.calls()).toHaveLength(before + 3);
  });

  it("answers nobody else, and asks no model for them", async () => {
    const before = upstream.calls().length;
    const answer = await post(`${synod.url}/v1/chat/completions`, question("Which number?"));
    expect([answer.status, answer.json()]).toMatchObject([401, { error: { code: "invalid_api_key" } }]);
    expect(answer.headers["www-authenticate"]).toMatch(/^Bearer/);
    for (const path of ["/v1/models", "/metrics"])
      expect((await get(`${synod.url}${path}`)).status).toBe(401);
    for (const path of ["/healthz", "/readyz"]) expect((await get(`${synod.url}${path}`)).status).toBe(200);

    await using transport = createGrpcTransport({ target: synod.grpcAddress, services: [ChatService] });
    const asked = createServiceClient(ChatService, transport).chat({
      model: "synod/default",
      messages: [{ role: 3, parts: [{ content: { case: "text", value: "Which number?" } }] }],
    });
    expect(failureOf(await asked.catch((error: unknown) => error)).reason).toBe("invalid_api_key");
    expect(upstream.calls()).toHaveLength(before);
  });
});

it("a cluster with a secret lets only its own services reach an inner one", { timeout: 60_000 }, async () => {
  await using upstream = await startUpstream();
  const env = { ...upstream.env, SYNOD_INNER_TOKEN: "between-the-services" };
  await using synod = await startDeployment(deployments[1], { env, config: panel() });
  const address = /^ *round .*gRPC (\S+)/m.exec(synod.output())?.[1] ?? "";
  await using transport = createGrpcTransport({ target: address, services: [RoundService] });
  const round = createServiceClient(RoundService, transport).runRound({
    members: [{ model: `openrouter/${members.gemini}` }],
    messages: [{ role: 3, parts: [{ content: { case: "text", value: "Which number?" } }] }],
  });
  const failed = (async () => {
    for await (const _ of round) throw new Error("It answered.");
  })();
  expect(failureOf(await failed.catch((error: unknown) => error)).reason).toBe("inner_token");
  expect(upstream.calls()).toEqual([]);
});
