import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { type Handlers, middlewareOf, moduleOf } from "../testing/houses.js";
import { createGate } from "../testing/gate.js";
import { answer, piece } from "../testing/questions.js";
import { keptAlive, sendRaw } from "../testing/raw-http1.js";
import { createRecorder } from "../testing/recorder.js";
import { until } from "../testing/until.js";
import { type RunningServer, serve, type ServeOptions } from "./serve.js";

const servers: RunningServer[] = [];
const question = JSON.stringify({
  completion: { model: "test/model", messages: [{ role: "ROLE_USER", parts: [{ text: "hello" }] }] },
});
const json = { "content-type": "application/json" };
const path = "/synod.provider.v1.ProviderService/Complete";

async function start(handlers: Handlers, options: Partial<ServeOptions> = {}) {
  const recorder = createRecorder();
  const server = await serve({
    modules: [moduleOf(handlers)],
    interceptors: middlewareOf(recorder),
    logger: recorder.logger,
    metrics: recorder.metrics,
    web: { host: "127.0.0.1", port: 0 },
    drainMs: 200,
    ...options,
  });
  servers.push(server);
  return { server, url: server.webUrl ?? "", recorder };
}

describe("the web listener", () => {
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.drain()));
  });

  it("answers a plain POST of JSON, as curl sends it", async () => {
    const { url } = await start({ complete: () => answer("served") });
    const response = await fetch(`${url}${path}`, { method: "POST", headers: json, body: question });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ completion: { servedModel: "served" } });
  });

  it("answers a plain GET for a method without side effects", async () => {
    const { url } = await start({ listProviders: () => ({ providers: [{ id: "groq" }] }) });
    const query = `?encoding=json&message=${encodeURIComponent("{}")}&connect=v1`;
    const response = await fetch(`${url}/synod.provider.v1.ProviderService/ListProviders${query}`);
    expect(await response.json()).toEqual({ providers: [{ id: "groq" }] });
  });

  it("has health, readiness and metrics", async () => {
    let ready = false;
    const { url } = await start({ complete: () => answer("x") }, { ready: () => ready });
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    ready = true;
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    await fetch(`${url}${path}`, { method: "POST", headers: json, body: question });
    const metrics = await fetch(`${url}/metrics`);
    expect(metrics.headers.get("content-type")).toContain("text/plain");
    expect(await metrics.text()).toContain(
      'synod_rpc_calls_total{service="synod.provider.v1.ProviderService"',
    );
  });

  it("asks `before` first, and `fallback` last", async () => {
    const seen: string[] = [];
    const before = (req: IncomingMessage, res: ServerResponse) => {
      seen.push(`before ${req.url}`);
      res.setHeader("x-before", "1");
      const isClosed = req.url?.startsWith("/closed") === true;
      if (isClosed) res.writeHead(401).end();
      return req.url?.endsWith("?later") === true ? Promise.resolve(isClosed) : isClosed;
    };
    const fallback = (req: IncomingMessage, res: ServerResponse) => {
      seen.push(`fallback ${req.url}`);
      if (req.url === "/nothing") return false;
      res.end("mine");
      return true;
    };
    const web = { host: "127.0.0.1", port: 0, before, fallback };
    const { url } = await start({ complete: () => answer("x") }, { web });
    expect((await fetch(`${url}/closed`)).status).toBe(401);
    expect(await (await fetch(`${url}/v1/models`)).text()).toBe("mine");
    const nothing = await fetch(`${url}/nothing`);
    expect([nothing.status, nothing.headers.get("x-before")]).toEqual([404, "1"]);
    expect(nothing.headers.get("x-should-retry")).toBe("false");
    const rpc = await fetch(`${url}${path}`, { method: "POST", headers: json, body: question });
    expect([rpc.status, rpc.headers.get("x-before")]).toEqual([200, "1"]);
    expect((await fetch(`${url}/closed?later`)).status).toBe(401);
    expect(await (await fetch(`${url}/mine?later`)).text()).toBe("mine");
    expect(seen.splice(6)).toEqual(["before /closed?later", "before /mine?later", "fallback /mine?later"]);
    expect(seen).toEqual([
      "before /closed",
      "before /v1/models",
      "fallback /v1/models",
      "before /nothing",
      "fallback /nothing",
      `before ${path}`,
    ]);
  });

  it("closes a connection whose request it did not read to the end, so that the next call does not hang", async () => {
    const { url } = await start({ complete: () => answer("x") }, { limits: { readMaxBytes: 1_024 } });
    using client = keptAlive(url);
    const large = await client.post(
      path,
      json,
      JSON.stringify({ completion: { model: "x".repeat(8_000_000) } }),
    );
    expect(large.status).toBe(429);
    expect(JSON.parse(large.body).code).toBe("resource_exhausted");
    expect(large.headers.connection).toBe("close");
    const next = await client.post(path, json, question);
    expect([next.status, next.headers.connection]).toEqual([200, "keep-alive"]);
  });

  it("sends streams uncompressed, whatever the client accepts", async () => {
    const { url } = await start({
      async *streamCompletion() {
        yield piece("x".repeat(10_000));
      },
    });
    const body = Buffer.from(`{"completion":${JSON.stringify(JSON.parse(question).completion)}}`);
    const head = Buffer.alloc(5);
    head.writeUInt32BE(body.byteLength, 1);
    const response = await fetch(`${url}/synod.provider.v1.ProviderService/StreamCompletion`, {
      method: "POST",
      headers: { "content-type": "application/connect+json", "connect-accept-encoding": "gzip, br" },
      body: Buffer.concat([head, body]),
    });
    expect(response.headers.get("connect-content-encoding")).toBeNull();
    expect((await response.text()).length).toBeGreaterThan(10_000);
  });

  it("tells what is not HTTP so in JSON, and goes on", async () => {
    const { url } = await start({ complete: () => answer("x") });
    const text = await sendRaw(url, "NONSENSE\r\n\r\n");
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(text).toMatch(/\r\nX-Request-Id: [\da-f-]{36}\r\nX-Should-Retry: false\r\n/);
    expect(JSON.parse(text.slice(text.indexOf("\r\n\r\n"))).error.code).toBe("invalid_value");
    const large = await sendRaw(url, `GET / HTTP/1.1\r\nx: ${"x".repeat(20_000)}\r\n\r\n`);
    expect(large).toMatch(/^HTTP\/1\.1 431 /);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it("cuts a request whose head comes too slowly", async () => {
    const { url } = await start({}, { limits: { headersTimeoutMs: 50, requestTimeoutMs: 100 } });
    const text = await sendRaw(url, "GET / HTTP/1.1\r\nhost: x\r\n");
    expect(text).toMatch(/^HTTP\/1\.1 408 /);
    expect(text).toMatch(/\r\nX-Request-Id: [\da-f-]{36}\r\nX-Should-Retry: true\r\n/);
  });

  it("answers 400 where the URL makes no sense", async () => {
    const { url } = await start({ complete: () => answer("x") });
    const text = await sendRaw(
      url,
      `POST ${path} HTTP/1.1\r\nhost: [\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
    );
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
  });

  it("while draining: not ready at once, running calls finish, new ones are refused", async () => {
    const gate = createGate();
    let begun = false;
    const fallback = (_: IncomingMessage, res: ServerResponse) => void res.end("mine");
    const { server, url } = await start(
      {
        async complete() {
          begun = true;
          await gate.opened;
          return answer("finished");
        },
      },
      { web: { host: "127.0.0.1", port: 0, fallback }, drainMs: 10_000 },
    );
    const post = () => fetch(`${url}${path}`, { method: "POST", headers: json, body: question });
    const running = post();
    await until("the call has begun", () => begun);
    const drained = server.drain();
    expect(server.drain()).toBe(drained);
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const refused = await post();
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ code: "unavailable" });
    const page = await fetch(`${url}/v1/models`);
    expect([page.status, page.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await page.json()).toMatchObject({ error: { code: "overloaded" } });
    gate.open();
    expect(await (await running).json()).toEqual({ completion: { servedModel: "finished" } });
    await drained;
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });

  it("while draining: a plain route that outlasts it is told to end", async () => {
    let begun = false;
    const fallback = (_: IncomingMessage, res: ServerResponse, ending: AbortSignal) => {
      begun = true;
      ending.addEventListener("abort", () => res.end("the last words"));
    };
    const { server, url } = await start({}, { web: { host: "127.0.0.1", port: 0, fallback }, drainMs: 50 });
    const running = fetch(`${url}/v1/stream`);
    await until("the request has begun", () => begun);
    await server.drain();
    expect(await (await running).text()).toBe("the last words");
  });

  it("while draining: work in the background is waited for like a call, and told to end when it takes too long", async () => {
    const seen: string[] = [];
    const idle = createGate();
    const background = { idle: () => idle.opened, end: () => void seen.push("told to end") };
    const { server } = await start({}, { background, drainMs: 10_000 });
    const drained = server.drain().then(() => seen.push("drained"));
    await new Promise(setImmediate);
    expect(seen).toEqual([]);
    idle.open();
    await drained;
    expect(seen).toEqual(["drained"]);

    const busy = { ...background, idle: () => createGate().opened };
    await (await start({}, { background: busy, drainMs: 10 })).server.drain();
    expect(seen).toEqual(["drained", "told to end"]);
  });
});
