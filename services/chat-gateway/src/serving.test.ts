import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { connect, type IncomingHttpHeaders } from "node:http2";
import type { Writable } from "node:stream";
import { ChatService } from "@synod/contracts/chat";
import { Role } from "@synod/contracts/model";
import { createGrpcTransport, createServiceClient, failureOf } from "@synod/rpc";
import { createGate, eventually } from "@synod/testing";
import { describe, expect, it } from "vitest";
import { ask, defaultPreset, startGateway } from "./testing/gateway.js";
import { readStream } from "./testing/read-stream.js";
import { serveGateway } from "./testing/serve-gateway.js";

function leave(this: { readonly open: readonly { destroy(): unknown }[] }): void {
  for (const connection of this.open) connection.destroy();
}

function post(
  url: string | undefined,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  const init = { method: "POST", body: JSON.stringify(body) };
  return fetch(`${url}/v1/chat/completions`, {
    ...init,
    headers: { "content-type": "application/json", ...headers },
  });
}

const question = {
  model: "synod/default",
  messages: [{ role: Role.USER, parts: [{ content: { case: "text" as const, value: "What is 6 x 7?" } }] }],
};

describe("a served gateway", () => {
  it("is reached over REST, Connect and gRPC, on two ports", async () => {
    await using house = await startGateway();
    await using server = await serveGateway(house);
    await eventually(house.gateway.isReady);
    expect((await fetch(`${server.webUrl}/readyz`)).status).toBe(200);
    expect((await post(server.webUrl, ask())).status).toBe(200);
    const connect = await fetch(`${server.webUrl}/synod.chat.v1.ChatService/Chat`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        model: "synod/default",
        messages: [{ role: "ROLE_USER", parts: [{ text: "hi" }] }],
      }),
    });
    expect(await connect.json()).toMatchObject({ message: { parts: [{ text: "42" }] } });
    const target = new URL(server.grpcUrl ?? "").host;
    await using transport = createGrpcTransport({ target, services: [ChatService] });
    const answer = await createServiceClient(ChatService, transport).chat(question);
    expect(answer.message?.parts[0]?.content.value).toBe("42");
    expect(house.ledger.paid).toBe(9);
  });

  it("F62: counts no bytes of strangers without a key, by RPC neither", async () => {
    const limits = { bytesAtOnce: 2_000 };
    await using house = await startGateway({ apiKeys: ["one"], limits });
    await using server = await serveGateway(house);
    const path = "/synod.chat.v1.ChatService/Chat";
    const json = { "content-type": "application/json" };
    const begin = (stream: Writable): void =>
      void stream.on("error", () => undefined).write("x".repeat(1_500));
    const session = connect(server.grpcUrl ?? "");
    using strangers = { open: [session] as { destroy(): unknown }[], [Symbol.dispose]: leave };
    const webAnswers = Array.from({ length: 3 }, () => {
      const headers = { ...json, "content-length": 1_900 };
      const stranger = request(`${server.webUrl}${path}`, { method: "POST", headers, agent: false });
      strangers.open.push(stranger);
      begin(stranger);
      return once(stranger, "response").then(([response]) => (response as IncomingMessage).statusCode);
    });
    expect(await Promise.all(webAnswers)).toEqual([401, 401, 401]);
    const grpcAnswers = Array.from({ length: 3 }, () => {
      const headers = { ":method": "POST", ":path": path, "content-type": "application/grpc+proto" };
      const stranger = session.request({ ...headers, te: "trailers" });
      begin(stranger);
      return once(stranger.resume(), "trailers").then(
        ([trailers]) => (trailers as IncomingHttpHeaders)["grpc-status"],
      );
    });
    const answered = Promise.all(grpcAnswers);
    const asked = {
      model: "groq/x",
      messages: [{ role: "ROLE_USER", parts: [{ text: "x".repeat(1_000) }] }],
    };
    const response = await fetch(`${server.webUrl}${path}`, {
      method: "POST",
      headers: { ...json, authorization: "Bearer one" },
      body: JSON.stringify(asked),
    });
    expect(response.status).toBe(200);
    expect(await answered).toEqual(["16", "16", "16"]);
    expect(house.ledger.paid).toBe(1);
  });

  it("F31: asks for a key on every way but the probes", async () => {
    await using house = await startGateway({ apiKeys: ["one"] });
    await using server = await serveGateway(house);
    const rpc = `${server.webUrl}/synod.chat.v1.ChatService/ListModels`;
    const json = { "content-type": "application/json" };
    for (const authorization of [undefined, "Bearer two"]) {
      const headers = authorization === undefined ? json : { ...json, authorization };
      expect((await fetch(`${server.webUrl}/metrics`, { headers })).status).toBe(401);
      expect((await fetch(rpc, { method: "POST", headers, body: "{}" })).status).toBe(401);
      expect((await post(server.webUrl, ask(), headers)).status).toBe(401);
    }
    expect((await fetch(`${server.webUrl}/healthz`)).status).toBe(200);
    const headers = { ...json, authorization: "Bearer one" };
    expect((await fetch(`${server.webUrl}/metrics`, { headers })).status).toBe(200);
    expect((await fetch(rpc, { method: "POST", headers, body: "{}" })).status).toBe(200);
    const target = new URL(server.grpcUrl ?? "").host;
    await using transport = createGrpcTransport({ target, services: [ChatService] });
    const client = createServiceClient(ChatService, transport);
    expect(await client.chat(question).catch(failureOf)).toMatchObject({ reason: "invalid_api_key" });
    await client.chat(question, { headers: { authorization: "Bearer one" } });
    expect(house.ledger.paid).toBe(3);
  });

  it("F45: finishes what has an idempotency key before it stops, though its caller has left", async () => {
    const answering = createGate();
    await using house = await startGateway({
      script: { member: () => ({ pieces: ["42"], after: answering.opened }) },
    });
    const server = await serveGateway(house, 20_000);
    const leaving = new AbortController();
    const left = fetch(`${server.webUrl}/v1/chat/completions`, {
      method: "POST",
      body: JSON.stringify(ask()),
      headers: { "content-type": "application/json", "idempotency-key": "k-1" },
      signal: leaving.signal,
    }).catch(() => "left");
    await eventually(() => house.ledger.members === 3);
    leaving.abort();
    expect(await left).toBe("left");
    const drained = server.drain();
    answering.open();
    await drained;
    const again = await house.post("/v1/chat/completions", ask(), { headers: { "idempotency-key": "k-1" } });
    expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([200, "true"]);
    expect([house.ledger.paid, house.ledger.aborted]).toEqual([3, 0]);
  });

  it("F45: ends a stream with an error chunk when it has waited long enough to stop", async () => {
    await using house = await startGateway({
      presets: { default: { ...defaultPreset, aggregation: { strategy: "synthesis", model: "sim/s" } } },
      script: {
        aggregate: () => ({ pieces: ["It is"], hangs: true }),
        model: () => ({ pieces: ["4"], hangs: true }),
      },
    });
    const server = await serveGateway(house);
    const panel = await post(server.webUrl, ask({ stream: true }));
    const model = await post(server.webUrl, ask({ stream: true, model: "groq/x" }));
    const whole = post(server.webUrl, ask());
    await eventually(() => house.ledger.aggregations.length === 2 && house.ledger.completions.length === 1);
    await server.drain();
    for (const response of [panel, model]) {
      const { chunks, done } = await readStream(response);
      expect(chunks.at(-1)).toMatchObject({ error: { code: 503, message: "Synod is stopping. Ask again." } });
      expect(done).toBe(true);
    }
    expect((await whole).status).toBe(503);
    expect(house.ledger.aborted).toBe(3);
  });
});
