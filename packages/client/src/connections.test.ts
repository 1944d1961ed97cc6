import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { RunEvent } from "@synod/consensus";
import { SynodError } from "@synod/rpc";
import { createGate, eventually, type Gate } from "@synod/testing";
import { describe, expect, it } from "vitest";
import { createSynodClient } from "./create-client.js";
import { breakable } from "./testing/breakable.js";
import { answerOf, eventOf, type Handlers, startHouse } from "./testing/house.js";

const event: RunEvent = { type: "round_started", round: 1, regeneration: 0, voters: 3 };
const finished: RunEvent = {
  type: "run_finished",
  result: { status: "completed", answer: "42", stopped: "complete" },
};

describe("a connection that cannot be made", () => {
  it("is told, with the address and the platform's reason", async () => {
    await using gone = await startHouse({});
    await gone[Symbol.asyncDispose]();
    const { client } = gone;
    const error = { code: "unreachable", status: "unavailable", retryable: true, requestId: undefined };
    const message = `${gone.url} cannot be reached (ECONNREFUSED).`;
    await expect(client.listModels()).rejects.toMatchObject({ ...error, message });
    await expect(client.streamChat({ messages: "?" }).next()).rejects.toMatchObject({ ...error, message });
    await expect(client.runEvents("r1").next()).rejects.toMatchObject({ ...error, message });
  });

  it("lets a chat be asked again only where it cannot be paid twice", async () => {
    let attempts = 0;
    const fetch = (): Promise<Response> => {
      attempts += 1;
      return Promise.reject(new TypeError("fetch failed"));
    };
    const client = createSynodClient({ baseUrl: "http://127.0.0.1:1", fetch, retries: 2 });
    await expect(client.chat({ messages: "?" })).rejects.toMatchObject({ code: "unreachable" });
    expect(attempts).toBe(1);
    await expect(client.chat({ messages: "?" }, { idempotencyKey: "k" })).rejects.toMatchObject({
      message: "http://127.0.0.1:1 cannot be reached (or the connection to it broke: fetch failed).",
    });
    expect(attempts).toBe(4);
    await expect(client.listModels()).rejects.toMatchObject({ code: "unreachable" });
    expect(attempts).toBe(7);
  });

  it.each([
    ["ECONNREFUSED", "unreachable"],
    ["ENOTFOUND", "unreachable"],
    ["EAI_AGAIN", "unreachable"],
    ["EHOSTUNREACH", "unreachable"],
    ["ENETUNREACH", "unreachable"],
    ["UND_ERR_CONNECT_TIMEOUT", "unreachable"],
    ["ECONNRESET", "connection_lost"],
    ["EPIPE", "connection_lost"],
    ["UND_ERR_SOCKET", "connection_lost"],
    ["UND_ERR_HEADERS_TIMEOUT", "connection_lost"],
  ])("is told from one that broke: %s", async (reason, code) => {
    const cause = Object.assign(new Error("no"), { code: reason });
    const fetch = (): Promise<Response> => Promise.reject(new TypeError("fetch failed", { cause }));
    const client = createSynodClient({ baseUrl: "http://127.0.0.1:1", fetch });
    const message = expect.stringContaining(`(${reason})`);
    for (const asking of [client.chat({ messages: "?" }), client.streamChat({ messages: "?" }).next()]) {
      await expect(asking).rejects.toMatchObject({ code, message });
    }
  });

  it("is what a proxy tells that has lost the server", async () => {
    let attempts = 0;
    const fetch = (): Promise<Response> => {
      attempts += 1;
      const headers = { "content-type": "text/html" };
      return Promise.resolve(new Response("<h1>Bad gateway</h1>", { status: 502, headers }));
    };
    const client = createSynodClient({ baseUrl: "http://127.0.0.1:1", fetch, retries: 1 });
    await expect(client.chat({ messages: "?" })).rejects.toMatchObject({
      code: "connection_lost",
      message: "The connection to http://127.0.0.1:1 broke (HTTP 502).",
    });
    expect(attempts).toBe(1);
    await expect(client.listModels()).rejects.toMatchObject({ code: "connection_lost", retryable: true });
    expect(attempts).toBe(3);
  });

  it("is waited for no longer than the caller wants", async () => {
    const fetch = (): Promise<Response> => Promise.reject(new TypeError("fetch failed"));
    const client = createSynodClient({ baseUrl: "http://127.0.0.1:1", fetch, retries: 100 });
    const leaving = new AbortController();
    const listing = client.listModels({ signal: leaving.signal });
    await Promise.resolve();
    leaving.abort();
    await expect(listing).rejects.toMatchObject({ code: "canceled" });
  });
});

it("tells a connection that breaks before the answer begins: it may be paid", async () => {
  await using house = await startHouse({ chat: () => new Promise(() => undefined) });
  await using way = await breakable(house.url);
  const asked = createSynodClient({ baseUrl: way.url, retries: 1 }).chat({ messages: "?" });
  const lost = expect(asked).rejects.toMatchObject({ code: "connection_lost", status: "unavailable" });
  await eventually(() => house.calls.length === 1);
  way.breakAll();
  await lost;
  expect(house.calls).toHaveLength(1);
});

it("tells a connection that breaks in the middle of an answer", async () => {
  await using house = await startHouse({
    async *streamChat() {
      yield { event: { case: "delta", value: { text: "It is" } } };
      await new Promise(() => undefined);
    },
  });
  await using way = await breakable(house.url);
  const events = createSynodClient({ baseUrl: way.url }).streamChat({ messages: "?" });
  await events.next();
  way.breakAll();
  const error = { code: "connection_lost", retryable: true, runId: undefined };
  await expect(events.next()).rejects.toMatchObject(error);
  expect(house.calls).toHaveLength(1);
});

describe("the events of a run", () => {
  /** Six events; the connection is held after the second and the fourth. */
  const sixEvents = (gates: readonly Gate[], asked: number[]): Handlers => ({
    async *streamRunEvents({ afterSeq }) {
      asked.push(afterSeq);
      for (let seq = afterSeq + 1; seq <= 6; seq += 1) {
        yield { event: eventOf(seq, seq === 6 ? finished : event) };
        if (seq % 2 === 0 && seq < 6) await gates[seq]?.opened;
      }
    },
  });

  it("go on where a broken connection left them", async () => {
    const gates = Array.from({ length: 6 }, createGate);
    const asked: number[] = [];
    await using house = await startHouse(sixEvents(gates, asked));
    await using way = await breakable(house.url);
    const seen: number[] = [];
    for await (const { seq } of createSynodClient({ baseUrl: way.url }).runEvents("r1")) {
      seen.push(seq);
      if (seq === 2 || seq === 4) way.breakAll();
    }
    expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
    expect(asked).toEqual([0, 2, 4]);
    expect(way.connections).toBe(3);
  });

  it("go on after a server that stops says so, and from where the caller wants", async () => {
    const asked: number[] = [];
    await using house = await startHouse({
      async *streamRunEvents({ afterSeq }) {
        asked.push(afterSeq);
        yield { event: eventOf(afterSeq + 1, event) };
        if (asked.length < 3) {
          throw new SynodError({ reason: "overloaded", message: "Stopping.", retryAfterMs: 1 });
        }
      },
    });
    const seen: number[] = [];
    for await (const { seq } of house.client.runEvents("r1", { afterSeq: 10 })) seen.push(seq);
    expect(seen).toEqual([11, 12, 13]);
    expect(asked).toEqual([10, 11, 12]);
  });

  it("fail at once for a run that is unknown, and when the caller's time is over", async () => {
    await using house = await startHouse({
      async *streamRunEvents({ runId }) {
        if (runId === "none") throw new SynodError({ reason: "model_not_found", message: "No such run." });
        yield { event: eventOf(1, event) };
        await new Promise(() => undefined);
      },
    });
    await expect(house.client.runEvents("none").next()).rejects.toMatchObject({ message: "No such run." });
    const events = house.client.runEvents("r1", { timeoutMs: 100 });
    await events.next();
    await expect(events.next()).rejects.toMatchObject({ code: "deadline_exceeded" });
    expect(house.calls).toHaveLength(2);
  });

  it("are read no more once the loop is left", async () => {
    let ended = false;
    await using house = await startHouse({
      async *streamRunEvents(_request, context) {
        context.signal.addEventListener("abort", () => (ended = true));
        yield { event: eventOf(1, event) };
        await new Promise(() => undefined);
      },
    });
    for await (const { seq } of house.client.runEvents("r1")) {
      expect(seq).toBe(1);
      break;
    }
    await eventually(() => ended);
    expect(house.calls).toHaveLength(1);
  });
});

describe("what is not Synod", () => {
  it.each([
    [200, "text/html", "<h1>Hello</h1>"],
    [404, "text/html", "<h1>Not found</h1>"],
    [404, "application/json", '{"error":{"message":"no such route"}}'],
    [200, "application/json", "{}"],
  ])("is told: %i %s", async (status, type, body) => {
    const server = createServer((_request, response) => {
      response.writeHead(status, { "content-type": type, "x-request-id": "their-id" }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = createSynodClient({ baseUrl });
    for (const failing of [client.listModels(), client.streamChat({ messages: "?" }).next()]) {
      await expect(failing).rejects.toMatchObject({
        code: "invalid_response",
        retryable: false,
        message: expect.stringContaining(`${baseUrl} does not answer as this version of Synod does`),
      });
    }
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});

describe("createSynodClient", () => {
  it.each([
    [{ baseUrl: "127.0.0.1:8080" }, "baseUrl"],
    [{ baseUrl: "ftp://127.0.0.1" }, "baseUrl"],
    [{ baseUrl: "http://me:CANARY@127.0.0.1" }, "baseUrl"],
    [{ baseUrl: "http://127.0.0.1", apiKey: "CANARY\nX-Other: 1" }, "apiKey"],
    [{ baseUrl: "http://127.0.0.1", apiKey: "" }, "apiKey"],
  ])("refuses %j", (options, field) => {
    let thrown: unknown;
    try {
      createSynodClient(options);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: "invalid_value", field });
    expect(String(thrown)).not.toContain("CANARY");
  });

  it("takes an address with a slash or a path, and refuses a bad idempotency key", async () => {
    await using house = await startHouse({ chat: () => answerOf("42") });
    const client = createSynodClient({ baseUrl: `${house.url}/` });
    expect((await client.chat({ messages: "?" })).text).toBe("42");
    await expect(client.chat({ messages: "?" }, { idempotencyKey: "a\nb" })).rejects.toMatchObject({
      field: "idempotencyKey",
    });
    const asked: string[] = [];
    const fetch = (input: unknown): Promise<Response> => {
      asked.push(String(input));
      return Promise.reject(new TypeError("no"));
    };
    const behindPath = createSynodClient({ baseUrl: "http://127.0.0.1:1/synod/", fetch });
    await expect(behindPath.listModels()).rejects.toMatchObject({ code: "unreachable" });
    expect(asked).toEqual(["http://127.0.0.1:1/synod/synod.chat.v1.ChatService/ListModels"]);
  });
});
