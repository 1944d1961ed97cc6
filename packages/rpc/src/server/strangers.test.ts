import { create, toBinary } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { Code } from "@connectrpc/connect";
import { CompleteRequestSchema } from "@synod/contracts/provider";
import { afterEach, describe, expect, it } from "vitest";
import { SynodError } from "../errors/synod-error.js";
import { createGate } from "../testing/gate.js";
import { type Handlers, middlewareOf, moduleOf } from "../testing/houses.js";
import { answer, question } from "../testing/questions.js";
import { grpcFrame, postHttp2 } from "../testing/raw-http2.js";
import { keptAlive } from "../testing/raw-http1.js";
import { rawSession, rawStream } from "../testing/raw-stream.js";
import { createRecorder } from "../testing/recorder.js";
import { until } from "../testing/until.js";
import { createBodyBudget } from "./body-budget.js";
import { type RunningServer, serve, type ServeOptions } from "./serve.js";

const path = "/synod.provider.v1.ProviderService/Complete";
const servers: RunningServer[] = [];
const local = { host: "127.0.0.1", port: 0 };

async function start(options: Partial<ServeOptions> = {}, handlers: Handlers = {}) {
  const recorder = createRecorder();
  let calls = 0;
  const complete: Handlers["complete"] = () => answer(String((calls += 1)));
  const server = await serve({
    modules: [moduleOf({ complete, ...handlers })],
    interceptors: middlewareOf(recorder),
    logger: recorder.logger,
    metrics: recorder.metrics,
    grpc: local,
    web: local,
    drainMs: 100,
    ...options,
  });
  servers.push(server);
  return { web: server.webUrl ?? "", grpc: server.grpcUrl ?? "", calls: () => calls };
}

const messageOf = (text: string) =>
  toBinary(CompleteRequestSchema, create(CompleteRequestSchema, question(text)));
const jsonOf = (text: string) =>
  JSON.stringify({
    completion: { model: "test/model", messages: [{ role: "ROLE_USER", parts: [{ text }] }] },
  });

/** A request of 200 kB with 100,000 messages. */
function monster(): Uint8Array {
  const completion = new BinaryWriter();
  for (let index = 0; index < 100_000; index += 1) completion.tag(2, WireType.LengthDelimited).uint32(0);
  return new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(completion.finish()).finish();
}

/** The ways to send one message, and to read the error's code. */
const wires = [
  {
    name: "gRPC",
    async send(url: { grpc: string }, message: Uint8Array): Promise<Code | undefined> {
      const headers = { "content-type": "application/grpc+proto", te: "trailers" };
      const { headers: head, trailers } = await postHttp2(url.grpc, path, headers, grpcFrame(message));
      return Number(trailers["grpc-status"] ?? head["grpc-status"]) || undefined;
    },
  },
  {
    name: "gRPC-Web",
    async send(url: { web: string }, message: Uint8Array): Promise<Code | undefined> {
      const headers = { "content-type": "application/grpc-web+proto" };
      const sent = { method: "POST", headers, body: Buffer.from(grpcFrame(message)) };
      const response = await fetch(`${url.web}${path}`, sent);
      const text =
        response.headers.get("grpc-status") ?? /grpc-status: *(\d+)/.exec(await response.text())?.[1];
      return Number(text) || undefined;
    },
  },
  {
    name: "Connect",
    async send(url: { web: string }, message: Uint8Array): Promise<Code | undefined> {
      const sent = {
        method: "POST",
        headers: { "content-type": "application/proto" },
        body: Buffer.from(message),
      };
      return codeOf(await fetch(`${url.web}${path}`, sent));
    },
  },
] as const;

async function codeOf(response: Response): Promise<Code | undefined> {
  const text = await response.text();
  if (response.ok) return undefined;
  const name = (JSON.parse(text) as { code: string }).code.replaceAll("_", "");
  return Object.values(Code).find(
    (code) => typeof code === "number" && Code[code].toLowerCase() === name,
  ) as Code;
}

describe("what a listener reads of strangers", () => {
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.drain()));
  });

  it.each(wires)("F34: no message over the limit, $name", async ({ send }) => {
    const house = await start({ limits: { readMaxBytes: 65_536 } });
    expect(await send(house, messageOf("x".repeat(70_000)))).toBe(Code.ResourceExhausted);
    expect(house.calls()).toBe(0);
    expect(await send(house, messageOf("x".repeat(60_000)))).toBeUndefined();
    expect(house.calls()).toBe(1);
  });

  it.each(wires)("F36: no small message that would be a large object, $name", async ({ send }) => {
    const house = await start({ limits: { strangers: true } });
    expect(await send(house, monster())).toBe(Code.InvalidArgument);
    expect(house.calls()).toBe(0);
    expect(await send(house, messageOf("x"))).toBeUndefined();
  });

  it("F36: no JSON that is nested too deeply or has too many fields, and it says which", async () => {
    const { web, calls } = await start({ limits: { strangers: true } });
    const post = (body: string) =>
      fetch(`${web}${path}`, { method: "POST", headers: { "content-type": "application/json" }, body });
    for (const [body, what] of [
      ['{"completion":'.repeat(100_000), "64 levels"],
      [`{${'"a":1,'.repeat(60_000)}"a":1}`, "100000 fields"],
    ] as const) {
      const refused = await post(body);
      expect(refused.status).toBe(400);
      expect(await refused.text()).toContain(what);
    }
    expect((await post(jsonOf("x"))).status).toBe(200);
    expect(calls()).toBe(1);
  });

  it.each(wires)("no bytes that are no message: they are the sender's mistake, $name", async ({ send }) => {
    const house = await start({ limits: { strangers: true } });
    for (const bytes of [[0x0b, 0x0b, 0x0b], [0x0a, 0x7f], [0x80], [0x0a, 0x03, 0x0a, 0x01, 0xff]]) {
      expect(await send(house, Uint8Array.from(bytes))).toBe(Code.InvalidArgument);
    }
    expect(house.calls()).toBe(0);
  });

  it("no message with flags: nothing is compressed, and nothing follows", async () => {
    const { grpc, calls } = await start({ limits: { strangers: true } });
    for (const flags of [1, 2, 0x80, 0xff]) {
      const frame = grpcFrame(messageOf("x"));
      frame.writeUInt8(flags);
      const headers = { "content-type": "application/grpc+proto", te: "trailers" };
      const { headers: head, trailers } = await postHttp2(grpc, path, headers, frame);
      expect(Number(trailers["grpc-status"] ?? head["grpc-status"])).toBe(Code.InvalidArgument);
    }
    expect(calls()).toBe(0);
  });

  it("F35: nothing that is compressed", async () => {
    const { web, calls } = await start();
    const headers = { "content-type": "application/json", "content-encoding": "gzip" };
    const refused = await fetch(`${web}${path}`, { method: "POST", headers, body: Buffer.alloc(1_000) });
    expect(await codeOf(refused)).toBe(Code.Unimplemented);
    expect(calls()).toBe(0);
  });

  it("F34: an endless body over HTTP/2 ends with its answer, and so does its stream", async () => {
    const { grpc, calls } = await start({ limits: { readMaxBytes: 65_536 } });
    using connection = rawSession(grpc);
    const { stream, ended } = rawStream(connection.session, path);
    let sent = 0;
    const send = (): void => {
      while (!stream.closed && !stream.destroyed) {
        sent += 16_384;
        if (!stream.write(Buffer.alloc(16_384))) return void stream.once("drain", send);
      }
    };
    send();
    expect(await ended).toMatchObject({ status: 200, grpcStatus: Code.ResourceExhausted, rstCode: 0 });
    // What both ends buffer counts as sent.
    expect(sent).toBeLessThan(1_000_000);
    expect(calls()).toBe(0);
  });

  it("F34: an endless body over HTTP/1.1 ends with its answer, and so does its connection", async () => {
    const { web, calls } = await start({ limits: { readMaxBytes: 65_536 } });
    using client = keptAlive(web);
    const headers = { "content-type": "application/json", "transfer-encoding": "chunked" };
    const refused = await client.post(path, headers, Buffer.alloc(200_000, 0x20));
    expect(refused.status).toBe(429);
    expect(JSON.parse(refused.body)).toMatchObject({ code: "resource_exhausted" });
    expect(refused.headers.connection).toBe("close");
    expect(calls()).toBe(0);
  });

  it("F40: a body over HTTP/2 that does not come is not waited for, and its stream ends", async () => {
    const { grpc, calls } = await start({ limits: { headersTimeoutMs: 50, requestTimeoutMs: 50 } });
    using connection = rawSession(grpc);
    const silent = rawStream(connection.session, path);
    const half = rawStream(connection.session, path);
    half.stream.write(grpcFrame(messageOf("x")).subarray(0, 20));
    for (const { ended } of [silent, half]) {
      const end = await ended;
      expect(end).toMatchObject({ status: 200, grpcStatus: Code.DeadlineExceeded, rstCode: 0 });
      expect(end.grpcMessage).toContain("too slowly");
    }
    expect(calls()).toBe(0);
  });

  it.each(wires)("F62: no body of a call that is not let in, and it says why, $name", async ({ send }) => {
    const bodies = createBodyBudget(100);
    let counted = 0;
    const house = await start({
      bodies: {
        hold() {
          counted += 1;
          return bodies.hold();
        },
      },
      async admit({ method, headers }) {
        expect([method.name, headers["content-type"]]).toEqual(["Complete", expect.any(String)]);
        throw new SynodError({ reason: "invalid_api_key", message: "no key" });
      },
    });
    expect(await send(house, messageOf("x".repeat(1_000)))).toBe(Code.Unauthenticated);
    expect([house.calls(), counted]).toEqual([0, 0]);
  });

  it("no call that is not let in and whose body nobody would read: that is no defect", async () => {
    const { web } = await start({
      admit: () => Promise.reject(new SynodError({ reason: "invalid_api_key", message: "no key" })),
    });
    const headers = { "content-type": "text/plain" };
    // A rejection that nobody handles fails the test run.
    expect((await fetch(`${web}${path}`, { method: "POST", headers, body: "x" })).status).toBe(415);
  });

  it("F62: bodies that are more together than there is room for are refused, and room comes back", async () => {
    const gate = createGate();
    let begun = 0;
    const house = await start(
      { bodies: createBodyBudget(100_000) },
      {
        async complete() {
          begun += 1;
          await gate.opened;
          return answer("x");
        },
      },
    );
    const [grpc, grpcWeb, connect] = wires;
    const first = connect.send(house, messageOf("x".repeat(60_000)));
    await until("the first is being answered", () => begun === 1);
    for (const { send } of [grpc, grpcWeb, connect]) {
      expect(await send(house, messageOf("x".repeat(60_000)))).toBe(Code.Unavailable);
    }
    const small = grpc.send(house, messageOf("small"));
    await until("a small one is being answered", () => begun === 2);
    gate.open();
    expect([await first, await small]).toEqual([undefined, undefined]);
    expect(await grpcWeb.send(house, messageOf("x".repeat(60_000)))).toBeUndefined();
  });
});
