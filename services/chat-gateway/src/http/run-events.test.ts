import { once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import type { LoggedEvent, Stores } from "@synod/run-store";
import { createMemoryStores, StorageError } from "@synod/run-store";
import { createGate, eventually } from "@synod/testing";
import { describe, expect, it } from "vitest";
import { bodyOf } from "../testing/body.js";
import { ask, startGateway, type TestGateway } from "../testing/gateway.js";
import { armsOf, parseEvents, readerOf, readRest, readUntil, wholeRun } from "../testing/read-events.js";
import { runListOf } from "../testing/run-body.js";
import { says } from "../testing/script.js";
import { changedRuns, countedFollowers, openEmbeddedStores } from "../testing/stored.js";

const path = "/v1/chat/completions";
const newestId = async (house: TestGateway): Promise<string> =>
  (await runListOf(await house.get("/v1/runs?limit=1"))).data[0]?.id ?? "";

/** A gateway with a run whose last member answers when the gate is opened. */
async function startSlowRun(stores: Stores = createMemoryStores(), keepAliveMs?: number) {
  const gate = createGate();
  const house = await startGateway({
    stores,
    ...(keepAliveMs !== undefined && { keepAliveMs }),
    script: {
      member: (model) => (model === "sim/c" ? { after: gate.opened, pieces: ["42"] } : says("42")),
    },
  });
  const answer = house.post(path, ask());
  await eventually(() => house.ledger.members === 3);
  return { house, answer, gate, runId: await newestId(house) };
}

const follow = (house: TestGateway, runId: string, lastEventId?: string): Promise<Response> =>
  house.get(
    `/v1/runs/${runId}/events`,
    lastEventId === undefined ? {} : { headers: { "last-event-id": lastEventId } },
  );

describe("the events of a run", () => {
  it("are those of its log, and end with the last one", async () => {
    await using stores = await openEmbeddedStores();
    await using house = await startGateway({ stores });
    await house.post(path, ask());
    const runId = await newestId(house);
    const response = await follow(house, runId);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    const read = parseEvents(await response.text());
    expect(armsOf(read)).toEqual(wholeRun);
    expect(read.events.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(read.events[7]?.event).toMatchObject({
      runId,
      seq: 8,
      runFinished: { status: "RUN_STATUS_COMPLETED", answer: "42" },
    });
    expect(read.comments).toEqual([]);
    expect(house.ledger.paid).toBe(3);
  });

  it("come as they happen, to as many as follow", async () => {
    await using stores = await openEmbeddedStores();
    const { house, gate, answer, runId } = await startSlowRun(stores);
    await using _ = house;
    const readers = await Promise.all(
      Array.from({ length: 100 }, async () => readerOf(await follow(house, runId))),
    );
    const begun = await Promise.all(readers.map((reader) => readUntil(reader, "roundStarted")));
    gate.open();
    const rests = await Promise.all(readers.map(readRest));
    const texts = begun.map((text, index) => text + rests[index]);
    expect(new Set(texts).size).toBe(1);
    expect(armsOf(parseEvents(texts[0] ?? ""))).toEqual(wholeRun);
    expect((await answer).status).toBe(200);
    expect(house.ledger.paid).toBe(3);
  });

  it("go on after the last that was known, of a run that goes on too", async () => {
    const { house, gate, answer, runId } = await startSlowRun();
    await using _ = house;
    const resumed = await follow(house, runId, "3");
    gate.open();
    const read = parseEvents(await resumed.text());
    expect(read.events.map(({ id }) => id)).toEqual([4, 5, 6, 7, 8]);
    await answer;
    expect(parseEvents(await (await follow(house, runId, "7")).text()).events).toHaveLength(1);
    for (const known of ["8", "9999999999"]) {
      const nothing = await follow(house, runId, known);
      expect([nothing.status, await nothing.text()]).toEqual([204, ""]);
    }
    expect(house.ledger.paid).toBe(3);
  });

  it("are refused from a place that is none", async () => {
    await using house = await startGateway();
    await house.post(path, ask());
    const runId = await newestId(house);
    for (const bad of ["x", "-1", "1.5", "0x1", "1, 2", "99999999999"]) {
      const response = await follow(house, runId, bad);
      expect(response.status).toBe(400);
      expect((await bodyOf(response)).error).toMatchObject({ code: "invalid_value", param: "last-event-id" });
    }
  });

  it("are followed by comments while nothing happens", async () => {
    const { house, gate, answer, runId } = await startSlowRun(createMemoryStores(), 10);
    await using _ = house;
    const reader = readerOf(await follow(house, runId, "4"));
    const text = await readUntil(reader, ": synod waiting\n\n: synod waiting\n\n");
    gate.open();
    const read = parseEvents(text + (await readRest(reader)));
    expect(read.events.map(({ id }) => id)).toEqual([5, 6, 7, 8]);
    await answer;
  });

  it("of a run that broke off end too, and say so", async () => {
    const stores = createMemoryStores();
    const runs = changedRuns(stores.runs, {
      async *tail(runId, options) {
        for await (const logged of stores.runs.tail(runId, options)) {
          if (logged.event.type === "round_ended") return;
          yield logged;
        }
      },
    });
    await using house = await startGateway({ stores: { ...stores, runs } });
    await house.post(path, ask());
    const read = parseEvents(await (await follow(house, await newestId(house))).text());
    expect(armsOf(read)).toEqual(wholeRun.slice(0, 5));
    expect(read.comments).toEqual(["synod the run broke off: nobody carries it out any more"]);
  });

  it("end with an error when the rest cannot be read", async () => {
    const stores = createMemoryStores();
    const runs = changedRuns(stores.runs, {
      async *tail(runId, options) {
        for await (const logged of stores.runs.tail(runId, options)) {
          if (logged.seq === 3) throw new StorageError("unreadable", "/CANARY/synod.db", "run x");
          yield logged;
        }
      },
    });
    await using house = await startGateway({ stores: { ...stores, runs } });
    await house.post(path, ask());
    const text = await (await follow(house, await newestId(house))).text();
    expect(text).not.toContain("CANARY");
    expect(parseEvents(text)).toMatchObject({
      events: [{ id: 1 }, { id: 2 }],
      error: { error: { code: "data_loss" } },
    });
    expect(house.log.some((line) => line["msg"] === "unexpected error")).toBe(true);
  });
});

describe("who follows a run", () => {
  it("is told when Synod stops, and the run is left as what it is", async () => {
    const { house, gate, answer, runId } = await startSlowRun();
    await using _ = house;
    const ending = new AbortController();
    const server = createServer((req, res) => house.gateway.handler(req, res, ending.signal)).listen(0);
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const reader = readerOf(await fetch(`http://127.0.0.1:${port}/v1/runs/${runId}/events`));
    const begun = await readUntil(reader, '"seq":4');
    ending.abort();
    const read = parseEvents(begun + (await readRest(reader)));
    expect(read).toMatchObject({ events: { length: 4 }, error: { error: { code: "overloaded" } } });
    server.close();
    gate.open();
    expect((await answer).status).toBe(200);
  });

  it("is waited for while it does not read (F26)", async () => {
    const stores = createMemoryStores();
    let given = 0;
    const text = "x".repeat(100_000);
    const runs = changedRuns(stores.runs, {
      async *tail(): AsyncGenerator<LoggedEvent> {
        const message = { role: "user", parts: [{ type: "text", text }] } as const;
        const [first] = await stores.runs.read(await newestId(house));
        if (first?.event.type !== "run_started") throw new Error("no run");
        for (; given < 1_000; given++) yield { ...first, event: { ...first.event, messages: [message] } };
      },
    });
    await using house = await startGateway({ stores: { ...stores, runs } });
    await house.post(path, ask());
    const reader = httpRequest(`${house.url}/v1/runs/${await newestId(house)}/events`);
    const response = new Promise<NodeJS.ReadableStream>((resolve) => reader.once("response", resolve));
    reader.end();
    (await response).pause();
    await eventually(() => given > 0);
    // What fits into the buffers between the two is given, and then no more.
    for (let looks = 0; looks < 20; looks++) {
      const before = given;
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (given !== before) looks = 0;
    }
    expect(given).toBeLessThan(500);
    reader.destroy();
  });

  it("leaves nothing behind when it leaves", async () => {
    await using embedded = await openEmbeddedStores();
    const followers = countedFollowers(embedded);
    const { house, gate, answer, runId } = await startSlowRun(followers.stores);
    await using _ = house;
    const leaving = new AbortController();
    const { signal } = leaving;
    const readers = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const reader = readerOf(await house.get(`/v1/runs/${runId}/events`, { signal }));
        await readUntil(reader, "roundStarted");
        return reader;
      }),
    );
    expect(followers.count()).toBe(10);
    const rests = readers.map((reader) => readRest(reader).catch(() => "left"));
    leaving.abort();
    expect(new Set(await Promise.all(rests))).toEqual(new Set(["left"]));
    await eventually(() => followers.count() === 0);
    expect(house.ledger.aborted).toBe(0);
    gate.open();
    expect((await answer).status).toBe(200);
    expect(house.log.some((line) => line["status"] === 499)).toBe(true);
  });
});
