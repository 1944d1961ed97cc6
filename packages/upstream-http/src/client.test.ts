import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { openUpstream, type UpstreamClient, type UpstreamRequest } from "./client.js";
import { toIoError } from "./io-error.js";
import { startServer } from "./testing/scripted-server.js";
import { until } from "./testing/until.js";

const timers = { firstTokenMs: 5_000, idleMs: 5_000, totalMs: 10_000 };
const head = { "content-type": "text/event-stream" };

function ask(client: UpstreamClient, changes: Partial<UpstreamRequest> = {}) {
  return client.request({
    method: "POST",
    path: "/x?y=1",
    headers: { "content-type": "application/json" },
    body: "{}",
    signal: new AbortController().signal,
    timers,
    ...changes,
  });
}

describe("a call", () => {
  it("sends what it was given and reads what comes", async () => {
    const heard: string[] = [];
    await using server = await startServer((request, response) => {
      heard.push(`${request.method} ${request.url} ${request.headers["content-type"]}`);
      response.writeHead(201, { "x-one": ["a", "b"] }).end("hello");
    });
    await using client = openUpstream({ origin: server.origin });
    const response = await ask(client);
    expect(response.status).toBe(201);
    expect(response.header("x-one")).toBe("a, b");
    expect(Buffer.concat([...((await response.read()) ?? [])]).toString()).toBe("hello");
    expect(await response.read()).toBeNull();
    expect(heard).toEqual(["POST /x?y=1 application/json"]);
    expect(server.calls).toBe(1);
  });

  it("follows no redirect (F22)", async () => {
    await using server = await startServer((_, response) => {
      response.writeHead(307, { location: "/elsewhere" }).end();
    });
    await using client = openUpstream({ origin: server.origin });
    expect((await ask(client)).status).toBe(307);
    expect(server.calls).toBe(1);
  });

  it("leaves its connection to later ones after finish()", async () => {
    let end = (): void => undefined;
    await using server = await startServer((_, response) => {
      response.writeHead(200, head).write("data: [DONE]\n\n");
      end = () => void response.end("trailing");
    });
    await using client = openUpstream({ origin: server.origin });
    for (let call = 1; call <= 10; call++) {
      const response = await ask(client);
      await response.read();
      response.finish();
      // The end arrives after finish(); the next call must find the connection free.
      end();
      await until(() => server.finished === call);
      await new Promise((resolve) => setImmediate(resolve));
    }
    // An aborted call would need a new connection each time.
    expect(server.connections).toBeLessThan(10);
    expect(server.cut).toBe(0);
  });

  it("gives up a connection that does not end after finish()", async () => {
    await using server = await startServer((_, response) => {
      response.writeHead(200, head).write("data: [DONE]\n\n");
    });
    await using client = openUpstream({ origin: server.origin });
    const response = await ask(client);
    await response.read();
    response.finish();
    await until(() => server.cut === 1);
  });
});

describe("a caller who leaves (F25)", () => {
  it("before the call: nothing is sent", async () => {
    await using server = await startServer((_, response) => void response.end());
    await using client = openUpstream({ origin: server.origin });
    await expect(ask(client, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      kind: "aborted",
      sent: false,
    });
    expect(server.calls).toBe(0);
  });

  it("before the head: the connection is destroyed", async () => {
    await using server = await startServer(() => {});
    await using client = openUpstream({ origin: server.origin });
    const caller = new AbortController();
    const call = ask(client, { signal: caller.signal });
    await until(() => server.calls === 1);
    caller.abort();
    await expect(call).rejects.toMatchObject({ kind: "aborted", sent: true });
    await until(() => server.cut === 1);
  });

  it("during the body: the connection is destroyed and reading ends", async () => {
    await using server = await startServer((_, response) => {
      response.writeHead(200, head).write("data: 1\n\n");
    });
    await using client = openUpstream({ origin: server.origin });
    const caller = new AbortController();
    const response = await ask(client, { signal: caller.signal });
    await response.read();
    const next = response.read();
    caller.abort();
    await expect(next).rejects.toMatchObject({ kind: "aborted" });
    await until(() => server.cut === 1);
    expect(server.calls).toBe(1);
  });
});

describe("timers", () => {
  it("cut an upstream that sends no head (F10)", async () => {
    await using server = await startServer(() => {});
    await using client = openUpstream({ origin: server.origin });
    await expect(ask(client, { timers: { ...timers, firstTokenMs: 60 } })).rejects.toMatchObject({
      kind: "first_token_timeout",
    });
    await until(() => server.cut === 1);
    expect(server.calls).toBe(1);
  });

  it("cut an upstream whose bytes are no token (F11)", async () => {
    await using server = await startServer((_, response) => {
      response.writeHead(200, head);
      const comments = setInterval(() => response.write(": wait\n\n"), 5);
      response.on("close", () => clearInterval(comments));
    });
    await using client = openUpstream({ origin: server.origin });
    const response = await ask(client, { timers: { ...timers, firstTokenMs: 80, idleMs: 40 } });
    const drain = async (): Promise<void> => {
      while ((await response.read()) !== null);
    };
    await expect(drain()).rejects.toMatchObject({ kind: "first_token_timeout" });
  });

  it("cut a silence after the first token, but no comments (F11)", async () => {
    await using server = await startServer((_, response) => {
      response.writeHead(200, head).write("data: 1\n\n");
      let left = 30;
      const comments = setInterval(() => {
        if (left-- > 0) response.write(": alive\n\n");
      }, 20);
      response.on("close", () => clearInterval(comments));
    });
    await using client = openUpstream({ origin: server.origin });
    const started = performance.now();
    const response = await ask(client, { timers: { ...timers, firstTokenMs: 4_000, idleMs: 400 } });
    response.firstToken();
    const drain = async (): Promise<void> => {
      while ((await response.read()) !== null);
    };
    await expect(drain()).rejects.toMatchObject({ kind: "idle_timeout" });
    expect(performance.now() - started).toBeGreaterThan(900);
  });

  it("cut a trickle that never ends (F12)", async () => {
    await using server = await startServer((_, response) => {
      response.writeHead(200, head);
      const trickle = setInterval(() => response.write("x"), 5);
      response.on("close", () => clearInterval(trickle));
    });
    await using client = openUpstream({ origin: server.origin });
    const response = await ask(client, { timers: { ...timers, totalMs: 100 } });
    response.firstToken();
    const drain = async (): Promise<void> => {
      while ((await response.read()) !== null);
    };
    await expect(drain()).rejects.toMatchObject({ kind: "total_timeout" });
    await until(() => server.cut === 1);
  });

  it("do not take a slow reader for a silent upstream", async () => {
    const ends: (() => void)[] = [];
    await using server = await startServer((_, response) => {
      response.writeHead(200, head).write("data: 1\n\n");
      ends.push(() => void response.end("data: 2\n\n"));
    });
    await using client = openUpstream({ origin: server.origin });
    const begin = async () => {
      const response = await ask(client, { timers: { ...timers, idleMs: 60 } });
      response.firstToken();
      await response.read();
      return response;
    };
    const response = await begin();
    ends[0]?.();
    // Nobody reads it for as long as it takes another call, which is read, to be cut for its silence.
    await expect((await begin()).read()).rejects.toMatchObject({ kind: "idle_timeout" });
    expect(Buffer.concat([...((await response.read()) ?? [])]).toString()).toBe("data: 2\n\n");
    expect(await response.read()).toBeNull();
  });

  it("do not take a pause of the whole process for a silent upstream", async () => {
    await using server = await startServer((_, response) => {
      response.writeHead(200, head).write("data: 1\n\n");
      setTimeout(() => {
        response.end("data: 2\n\n");
        const since = performance.now();
        while (performance.now() - since < 300);
      }, 20);
    });
    await using client = openUpstream({ origin: server.origin });
    const response = await ask(client, { timers: { ...timers, idleMs: 200 } });
    response.firstToken();
    await response.read();
    expect(Buffer.concat([...((await response.read()) ?? [])]).toString()).toBe("data: 2\n\n");
    expect(await response.read()).toBeNull();
  });

  it("shorten the wait for an end that is due", async () => {
    await using server = await startServer((_, response) => {
      response.writeHead(200, head).write("data: 1\n\n");
    });
    await using client = openUpstream({ origin: server.origin });
    const response = await ask(client);
    response.firstToken();
    await response.read();
    response.expectEnd(40);
    await expect(response.read()).rejects.toMatchObject({ kind: "idle_timeout" });
  });

  it("cut a connection that does not come about", async () => {
    const mute = createServer(() => {});
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    const port = (mute.address() as AddressInfo).port;
    await using client = openUpstream({ origin: `https://127.0.0.1:${port}`, connectMs: 80 });
    const error: unknown = await ask(client).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: "connect_timeout", sent: false });
    // It is the call's own timer, and not that of the pool, which is up to a second late.
    expect(error).not.toHaveProperty("cause");
    mute.close();
  });
});

describe("an upstream that cannot be reached (F23)", () => {
  it("refuses: at once, and nothing was sent", async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const port = (closed.address() as AddressInfo).port;
    await new Promise((resolve) => closed.close(resolve));
    await using client = openUpstream({ origin: `http://127.0.0.1:${port}` });
    const started = performance.now();
    await expect(ask(client)).rejects.toMatchObject({ kind: "refused", sent: false });
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  it("speaks no TLS", async () => {
    await using server = await startServer((_, response) => void response.end());
    await using client = openUpstream({ origin: server.origin.replace("http:", "https:") });
    await expect(ask(client)).rejects.toMatchObject({ kind: "tls", sent: false });
    expect(server.calls).toBe(0);
  });

  it.each([
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "tls"],
    ["CERT_HAS_EXPIRED", "tls"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "tls"],
    ["ENOTFOUND", "dns"],
    ["EAI_AGAIN", "dns"],
    ["EMFILE", "no_room"],
    ["HPE_INVALID_CONSTANT", "protocol"],
  ])("%s is %s", (code, kind) => {
    const error = toIoError(Object.assign(new Error(`secret ${code}`), { code }), false);
    expect(error.kind).toBe(kind);
    expect(error.message).not.toContain("secret");
  });

  it("breaks the connection: what came before is read first (F8)", async () => {
    await using server = await startServer((_, response) => {
      response.writeHead(200, head).write("data: 1\n\n", () => response.socket?.resetAndDestroy());
    });
    await using client = openUpstream({ origin: server.origin });
    const response = await ask(client);
    const read: string[] = [];
    const drain = async (): Promise<void> => {
      for (let part = await response.read(); part !== null; part = await response.read()) {
        read.push(...part.map(String));
      }
    };
    await expect(drain()).rejects.toMatchObject({ kind: "reset", sent: true });
    expect(read.join("")).toBe("data: 1\n\n");
  });

  it("is not asked after the client was disposed", async () => {
    await using server = await startServer(() => {});
    const client = openUpstream({ origin: server.origin });
    const call = ask(client);
    await until(() => server.calls === 1);
    await Promise.all([
      expect(call).rejects.toMatchObject({ kind: "closed" }),
      client[Symbol.asyncDispose](),
    ]);
    await expect(ask(client)).rejects.toMatchObject({ kind: "closed" });
    expect(server.calls).toBe(1);
  });

  it("never sees a header that could not be written, nor does the message show it", async () => {
    await using server = await startServer((_, response) => void response.end());
    await using client = openUpstream({ origin: server.origin });
    const call = ask(client, { headers: { authorization: "Bearer canary\r\nx: y" } });
    await expect(call).rejects.toMatchObject({ kind: "protocol", sent: false });
    await expect(call).rejects.not.toThrow(/canary/);
    expect(server.calls).toBe(0);
  });
});
