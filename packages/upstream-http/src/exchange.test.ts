import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { openUpstream, type UpstreamClient } from "./client.js";
import { startServer } from "./testing/scripted-server.js";
import { until } from "./testing/until.js";

const timers = { firstTokenMs: 5_000, idleMs: 5_000, totalMs: 10_000 };

async function readAll(client: UpstreamClient, maxBytes?: number): Promise<Buffer> {
  const response = await client.request({
    method: "GET",
    path: "/",
    headers: {},
    signal: new AbortController().signal,
    timers,
    ...(maxBytes === undefined ? {} : { maxBytes }),
  });
  const parts: Buffer[] = [];
  for (let part = await response.read(); part !== null; part = await response.read()) parts.push(...part);
  return Buffer.concat(parts);
}

describe("compressed bodies (F17)", () => {
  const text = "Grüße ".repeat(20_000);
  it.each([
    ["gzip", gzipSync(text)],
    ["deflate", deflateSync(text)],
    ["br", brotliCompressSync(text)],
    ["identity", Buffer.from(text)],
  ])("%s is read", async (encoding, bytes) => {
    await using server = await startServer((_, response) => {
      response.writeHead(200, { "content-encoding": encoding }).end(bytes);
    });
    await using client = openUpstream({ origin: server.origin });
    expect((await readAll(client)).toString()).toBe(text);
    expect(server.calls).toBe(1);
  });

  it.each([
    ["cut short", "gzip", gzipSync(text).subarray(0, 60)],
    ["plain in truth", "gzip", Buffer.from("data: 1\n\n")],
    ["of an unknown kind", "zstd", Buffer.from("data: 1\n\n")],
    ["twice", "gzip, gzip", gzipSync(gzipSync(text))],
  ])("%s fail", async (_, encoding, bytes) => {
    await using server = await startServer((__, response) => {
      response.writeHead(200, { "content-encoding": encoding }).end(bytes);
    });
    await using client = openUpstream({ origin: server.origin });
    await expect(readAll(client)).rejects.toMatchObject({ kind: "encoding", sent: true });
    expect(server.calls).toBe(1);
  });

  it("are limited after decompression", async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(100_000);
    await using server = await startServer((_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(bomb);
    });
    await using client = openUpstream({ origin: server.origin });
    const before = process.memoryUsage().rss;
    await expect(readAll(client)).rejects.toMatchObject({ kind: "too_large" });
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
  });
});

describe("large bodies (F16)", () => {
  it("are cut at their limit", async () => {
    await using server = await startServer((_, response) => void response.end(Buffer.alloc(200_000)));
    await using client = openUpstream({ origin: server.origin });
    expect(await readAll(client, 200_000)).toHaveLength(200_000);
    await expect(readAll(client, 199_999)).rejects.toMatchObject({ kind: "too_large" });
    expect(server.calls).toBe(2);
  });

  it("do not pile up in front of a reader who stopped (F26)", async () => {
    let taken = 0;
    await using server = await startServer((_, response) => {
      response.writeHead(200);
      const piece = Buffer.alloc(64 * 1024, "x");
      const more = (): void => {
        while (taken < 64 * 1024 * 1024 && !response.destroyed) {
          taken += piece.length;
          if (!response.write(piece)) {
            response.once("drain", more);
            return;
          }
        }
      };
      more();
    });
    await using client = openUpstream({ origin: server.origin });
    const caller = new AbortController();
    const response = await client.request({
      method: "GET",
      path: "/",
      headers: {},
      signal: caller.signal,
      timers,
    });
    let before = -1;
    await until(() => {
      const still = taken === before && taken > 0;
      before = taken;
      return still;
    });
    expect(taken).toBeLessThan(32 * 1024 * 1024);
    let read = 0;
    while (read < 20 * 1024 * 1024) {
      for (const chunk of (await response.read()) ?? []) read += chunk.length;
    }
    caller.abort();
    await until(() => server.cut === 1);
  });

  it("in many pieces are read whole", async () => {
    await using server = await startServer((_, response) => {
      response.writeHead(200);
      let left = 2_000;
      const more = (): void => {
        while (left-- > 0) {
          if (!response.write("x".repeat(500))) {
            response.once("drain", more);
            return;
          }
        }
        response.end();
      };
      more();
    });
    await using client = openUpstream({ origin: server.origin });
    expect(await readAll(client)).toHaveLength(1_000_000);
  });
});
