import { failureOf, SynodError } from "@synod/rpc";
import { createMemoryStores, type IdempotencyStore, StorageError } from "@synod/run-store";
import { createGate } from "@synod/testing";
import { describe, expect, it } from "vitest";
import { createBackground } from "./background.js";
import { createOnce } from "./once.js";
import type { Told } from "./told.js";

const stopping = new SynodError({ reason: "overloaded", message: "Synod is stopping." });
const asked = (changes: object = {}) => ({
  owner: "me",
  key: "k-1",
  requestHash: "h-1",
  signal: new AbortController().signal,
  broken: () => told("broken", { isAnswer: false }),
  ...changes,
});
const told = (body: string, changes: Partial<Told> = {}): Told => ({
  response: { status: 200, type: "application/json", body },
  isKept: true,
  isAnswer: true,
  ...changes,
});

function start(store: IdempotencyStore = createMemoryStores().idempotency) {
  const background = createBackground(stopping);
  const replays: string[] = [];
  const events = { replayed: (by: string) => void replays.push(by) };
  return { background, replays, once: createOnce({ store, background, events }) };
}

describe("a request with a key", () => {
  it("is carried out once; F27: later ones are told the same", async () => {
    const { once, replays } = start();
    let carriedOut = 0;
    const work = async (runId: string): Promise<Told> => told(`${++carriedOut} ${runId !== ""}`);
    const first = await once.ask(asked(), work);
    expect(first).toMatchObject({ type: "own", told: { response: { body: "1 true" } } });
    const response = { status: 200, type: "application/json", body: "1 true" };
    expect(await once.ask(asked(), work)).toEqual({ type: "replayed", response });
    expect(carriedOut).toBe(1);
    expect(replays).toEqual(["key"]);
  });

  it("F28: of 50 at once one is carried out, and the others are told what it came to", async () => {
    const { once } = start();
    const answering = createGate();
    let carriedOut = 0;
    const work = async (): Promise<Told> => {
      carriedOut += 1;
      await answering.opened;
      return told("42");
    };
    const all = Array.from({ length: 50 }, () => once.ask(asked(), work));
    answering.open();
    const types = (await Promise.all(all)).map(({ type }) => type);
    expect(types.toSorted()).toEqual(["own", ...Array.from({ length: 49 }, () => "replayed")]);
    expect(carriedOut).toBe(1);
  });

  it("F29: is refused when the key stands for another request, but not one of another owner", async () => {
    const { once } = start();
    const work = async (): Promise<Told> => told("42");
    await once.ask(asked(), work);
    const reused = await once.ask(asked({ requestHash: "h-2" }), work).catch(failureOf);
    expect(reused).toMatchObject({ reason: "idempotency_key_reused", retryable: false });
    expect(await once.ask(asked({ requestHash: "h-2", owner: "you" }), work)).toMatchObject({ type: "own" });
  });

  it("is told a failure again that was paid, and carried out again after one that was not", async () => {
    const { once } = start();
    const failed = async (): Promise<Told> => told("broken", { isAnswer: false, isKept: false });
    const paid = async (): Promise<Told> => told("paid", { isAnswer: false });
    expect(await once.ask(asked(), failed)).toMatchObject({ type: "own" });
    expect(await once.ask(asked(), paid)).toMatchObject({ type: "own" });
    expect(await once.ask(asked(), failed)).toMatchObject({ type: "replayed", response: { body: "paid" } });
  });

  it("is carried out by who waited, when the first one was given up", async () => {
    const { once } = start();
    const failing = createGate();
    const first = once.ask(asked(), async () => {
      await failing.opened;
      return told("broken", { isAnswer: false, isKept: false });
    });
    const second = once.ask(asked(), async () => told("42"));
    failing.open();
    expect(await first).toMatchObject({ type: "own", told: { isAnswer: false } });
    expect(await second).toMatchObject({ type: "own", told: { response: { body: "42" } } });
  });

  it.each([
    ["is told what later ones are told", true],
    ["is carried out again where nothing was paid", false],
  ])("%s when carrying it out breaks", async (_what, isKept) => {
    const { once } = start();
    const breaking = createGate();
    const bug = new Error("a bug");
    const broken = (error: unknown): Told =>
      told(error === bug ? "broken" : "?", { isAnswer: false, isKept });
    const first = once.ask(asked({ broken }), async () => {
      await breaking.opened;
      throw bug;
    });
    const waiting = once.ask(asked(), async () => told("42"));
    breaking.open();
    await expect(first).rejects.toBe(bug);
    expect(await waiting).toMatchObject(
      isKept
        ? { type: "replayed", response: { body: "broken" } }
        : { type: "own", told: { response: { body: "42" } } },
    );
  });

  it("goes on when its caller leaves; who only waits for it stops", async () => {
    const { once } = start();
    const caller = new AbortController();
    const answering = createGate();
    const signal = caller.signal;
    const first = once.ask(asked({ signal }), async (_, ending) => {
      await answering.opened;
      expect(ending.aborted).toBe(false);
      return told("42");
    });
    const waiting = once.ask(asked({ signal }), async () => told("43"));
    await new Promise(setImmediate);
    caller.abort(new Error("left"));
    await expect(waiting).rejects.toThrow("left");
    answering.open();
    expect(await first).toMatchObject({ type: "own" });
    expect(await once.ask(asked(), async () => told("43"))).toMatchObject({ response: { body: "42" } });
  });

  it("ends with the process", async () => {
    const { once, background } = start();
    const first = once.ask(asked(), async (_, ending) => {
      await new Promise((resolve) => ending.addEventListener("abort", resolve));
      return told(ending.reason === stopping ? "stopped" : "why?");
    });
    await new Promise(setImmediate);
    background.end();
    await background.idle();
    expect(await first).toMatchObject({ told: { response: { body: "stopped" } } });
  });

  it("is refused before anything is asked when claims cannot be stored", async () => {
    const claim = () => Promise.reject(new StorageError("full", "synod.db", ""));
    const { once } = start({ ...createMemoryStores().idempotency, claim });
    const work = async (): Promise<Told> => {
      throw new Error("it was carried out");
    };
    const refused = await once.ask(asked(), work).catch(failureOf);
    expect(refused).toMatchObject({ reason: "storage_unavailable", retryAfterMs: 5_000 });
  });
});
