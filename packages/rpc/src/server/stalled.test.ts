import { once } from "node:events";
import { connect } from "node:net";
import { create, toBinary } from "@bufbuild/protobuf";
import { StreamCompletionRequestSchema } from "@synod/contracts/provider";
import { afterEach, describe, expect, it } from "vitest";
import { createGate } from "../testing/gate.js";
import { type Handlers, middlewareOf, moduleOf } from "../testing/houses.js";
import { piece, question } from "../testing/questions.js";
import { grpcFrame } from "../testing/raw-http2.js";
import { rawSession, rawStream } from "../testing/raw-stream.js";
import { createRecorder } from "../testing/recorder.js";
import { settled, until } from "../testing/until.js";
import { type RunningServer, serve } from "./serve.js";

const path = "/synod.provider.v1.ProviderService/StreamCompletion";
const servers: RunningServer[] = [];
const asked = grpcFrame(
  toBinary(StreamCompletionRequestSchema, create(StreamCompletionRequestSchema, question("x"))),
);

async function start(handlers: Handlers) {
  const recorder = createRecorder();
  const server = await serve({
    modules: [moduleOf(handlers)],
    interceptors: middlewareOf(recorder),
    logger: recorder.logger,
    metrics: recorder.metrics,
    grpc: { host: "127.0.0.1", port: 0 },
    web: { host: "127.0.0.1", port: 0 },
    limits: { stalledMs: 200 },
    drainMs: 100,
  });
  servers.push(server);
  return { web: new URL(server.webUrl ?? ""), grpc: server.grpcUrl ?? "" };
}

type Stream = NonNullable<Handlers["streamCompletion"]>;

/** Writes 64 KiB after 64 KiB until its reader is gone. */
function endless() {
  const size = 65_536;
  const seen = { produced: 0, left: false };
  const stream: Stream = async function* (_, { signal }) {
    signal.addEventListener("abort", () => (seen.left = true));
    while (!signal.aborted) {
      seen.produced += size;
      yield piece("x".repeat(size));
    }
  };
  return { stream, seen };
}

/** Says nothing until the gate opens. */
function silent() {
  const gate = createGate();
  const stream: Stream = async function* () {
    yield piece("begun");
    await gate.opened;
    yield piece("ended");
  };
  return { stream, open: gate.open };
}

const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/grpc-web+proto\r\nContent-Length: ${asked.length}\r\n\r\n`;
const mebibyte = 1024 * 1024;

describe("F26: a reader that takes nothing", () => {
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.drain()));
  });

  it("is cut over HTTP/1.1, and what is written for it stays bounded", async () => {
    const { stream: streamCompletion, seen } = endless();
    const { web } = await start({ streamCompletion });
    const socket = connect(Number(web.port), web.hostname);
    socket.pause();
    await once(socket, "connect");
    socket.write(head);
    socket.write(asked);
    await until("something is produced", () => seen.produced > 0);
    // Most of it is in the buffers of the two sockets, which are the system's.
    expect(await settled(() => seen.produced)).toBeLessThan(16 * mebibyte);
    await until("it is cut", () => seen.left);
    socket.destroy();
  });

  it("is cut over HTTP/2, and what is written for it stays bounded", async () => {
    const { stream: streamCompletion, seen } = endless();
    const { grpc } = await start({ streamCompletion });
    using connection = rawSession(grpc);
    const { stream } = rawStream(connection.session, path);
    stream.pause();
    stream.end(asked);
    await until("something is produced", () => seen.produced > 0);
    expect(await settled(() => seen.produced)).toBeLessThan(mebibyte);
    await until("it is cut", () => seen.left);
  });

  it("is another thing than a silence in which there is nothing to say", async () => {
    const quiet = silent();
    const { stream: loud, seen } = endless();
    const { web, grpc } = await start({
      streamCompletion: (request, context) =>
        (request.completion?.model === "test/quiet" ? quiet.stream : loud)(request, context),
    });
    const quietly = grpcFrame(
      toBinary(
        StreamCompletionRequestSchema,
        create(StreamCompletionRequestSchema, {
          completion: { ...question("x").completion, model: "test/quiet" },
        }),
      ),
    );
    using connection = rawSession(grpc);
    const over2 = rawStream(connection.session, path);
    over2.stream.end(quietly);
    const over1 = fetch(`${web.origin}${path}`, {
      method: "POST",
      headers: { "content-type": "application/grpc-web+proto" },
      body: Buffer.from(quietly),
    });
    const response = await over1;
    // Whoever stalls begins later and is cut: by then the silent ones have been silent for longer.
    const stalled = rawStream(connection.session, path);
    stalled.stream.pause();
    stalled.stream.end(asked);
    await until("the one that stalls is cut", () => seen.left);
    quiet.open();
    expect(await response.text()).toContain("ended");
    expect((await over2.ended).grpcStatus).toBe(0);
  });
});
