import { create } from "@bufbuild/protobuf";
import { SpentUsageSchema } from "@synod/contracts/provider";
import { SynodError } from "@synod/rpc";
import { createMemoryStores, StorageError, type Stores } from "@synod/run-store";
import { createGate, eventually } from "@synod/testing";
import { describe, expect, it } from "vitest";
import { bodyOf } from "../testing/body.js";
import { callerWith } from "../testing/charged-caller.js";
import { ask, startGateway } from "../testing/gateway.js";
import { readStream } from "../testing/read-stream.js";
import { createManualClock } from "../testing/manual-clock.js";
import { type Reply, says } from "../testing/script.js";
import { chatPath, generously, replayed, textOf, ways } from "../testing/repeatable.js";

const keyed = (key = "k-1", more: Record<string, string> = {}): RequestInit => ({
  headers: { "idempotency-key": key, ...more },
});

describe("a request with an idempotency key", () => {
  it.each(ways)("F27: is told the same answer again (%s)", async (_what, path, body, calls) => {
    const reply: Reply = says("4", "2");
    await using house = await startGateway({ script: { member: () => reply, model: () => reply } });
    const first = await house.post(path, body, keyed());
    const again = await house.post(path, body, keyed());
    expect([first.status, again.status]).toEqual([200, 200]);
    expect([replayed(first), replayed(again)]).toEqual([null, "true"]);
    expect(again.headers.get("content-type")).toBe(first.headers.get("content-type"));
    const texts = [await textOf(first), await textOf(again)];
    expect(texts).toEqual(["42", "42"]);
    expect(house.ledger.paid).toBe(calls);
  });

  it("F27: is told a whole answer again byte for byte", async () => {
    await using house = await startGateway();
    const [first, again] = [
      await house.post(chatPath, ask(), keyed()),
      await house.post(chatPath, ask(), keyed()),
    ];
    expect(await again.text()).toBe(await first.text());
    expect(again.headers.get("x-request-id")).not.toBe(first.headers.get("x-request-id"));
    expect(house.ledger.paid).toBe(3);
  });

  it("F27: is streamed again with the same ids, its text in one piece", async () => {
    await using house = await startGateway({ script: { model: () => says("4", "2") } });
    const asked = ask({ model: "groq/x", stream: true });
    const first = await readStream(await house.post(chatPath, asked, keyed()));
    const again = await readStream(await house.post(chatPath, asked, keyed()));
    expect(again.text).toBe(first.text);
    expect(again.done).toBe(true);
    expect(again.chunks.at(-1)).toEqual(first.chunks.at(-1));
    expect(again.chunks.map(({ id }) => id)).toEqual(Array(again.chunks.length).fill(first.chunks[0]?.id));
    expect([first.chunks.length, again.chunks.length]).toEqual([5, 4]);
    expect(house.ledger.paid).toBe(1);
  });

  it("F28: is carried out once of 50 at once", async () => {
    const answering = createGate();
    await using house = await startGateway({
      script: { member: () => ({ ...says("42"), after: answering.opened }) },
    });
    const all = Array.from({ length: 50 }, () => house.post(chatPath, ask(), keyed()));
    await eventually(() => house.ledger.members === 3, generously);
    answering.open();
    const responses = await Promise.all(all);
    const bodies = await Promise.all(responses.map((response) => response.text()));
    expect(new Set(bodies).size).toBe(1);
    expect(responses.filter((response) => replayed(response) === "true")).toHaveLength(49);
    expect(house.ledger.paid).toBe(3);
  });

  it("F28: is 409 for who does not wait for the end of the first, and keeps streams alive that do", async () => {
    const answering = createGate();
    await using house = await startGateway({
      keepAliveMs: 10,
      script: { model: () => ({ ...says("42"), after: answering.opened }) },
    });
    const asked = ask({ model: "groq/x", stream: true });
    const first = house.post(chatPath, asked, keyed());
    await eventually(() => house.ledger.completions.length === 1, generously);
    const late = await house.post(chatPath, asked, keyed("k-1", { "x-synod-deadline-ms": "1" }));
    expect([late.status, late.headers.get("retry-after"), late.headers.get("x-should-retry")]).toEqual([
      409,
      "1",
      "true",
    ]);
    expect((await bodyOf(late)).error).toMatchObject({
      type: "invalid_request_error",
      code: "idempotency_in_progress",
    });
    const joined = await house.post(chatPath, asked, keyed());
    // Its head went out before anybody could know that it is told again.
    expect(replayed(joined)).toBeNull();
    answering.open();
    const { comments, text, done } = await readStream(joined);
    expect(comments).toContain("synod waiting");
    expect([text, done]).toEqual(["42", true]);
    expect((await readStream(await first)).text).toBe("42");
    expect(house.ledger.paid).toBe(1);
  });

  it("F28: ends a stream that waits with an error once it waits no longer", async () => {
    const answering = createGate();
    const clock = createManualClock();
    await using house = await startGateway({
      clock,
      keepAliveMs: 10,
      script: { model: () => ({ ...says("42"), after: answering.opened }) },
    });
    const asked = ask({ model: "groq/x", stream: true });
    const first = house.post(chatPath, asked, keyed());
    await eventually(() => house.ledger.completions.length === 1, generously);
    const late = await house.post(chatPath, asked, keyed("k-1", { "x-synod-deadline-ms": "5000" }));
    expect([late.status, replayed(late)]).toEqual([200, null]);
    clock.fire();
    const { comments, chunks, done } = await readStream(late);
    expect(comments).toContain("synod waiting");
    expect(chunks.at(-1)).toMatchObject({ error: { code: 409, message: /still being answered/ } });
    expect(done).toBe(true);
    answering.open();
    expect((await readStream(await first)).text).toBe("42");
    expect(house.ledger.paid).toBe(1);
  });

  it("F28: streams what it carries out itself after it waited for one that was given up", async () => {
    const failing = createGate();
    const error = new SynodError(
      { reason: "upstream_error", message: "No." },
      { spent: create(SpentUsageSchema) },
    );
    let calls = 0;
    await using house = await startGateway({
      keepAliveMs: 10,
      script: { model: () => (calls++ === 0 ? { after: failing.opened, error } : says("42")) },
    });
    const asked = ask({ model: "groq/x", stream: true });
    const first = house.post(chatPath, asked, keyed());
    await eventually(() => house.ledger.completions.length === 1, generously);
    const waiting = await house.post(chatPath, asked, keyed());
    expect(replayed(waiting)).toBeNull();
    failing.open();
    expect(await readStream(waiting)).toMatchObject({ text: "42", done: true });
    await (await first).text();
    expect(house.ledger.paid).toBe(2);
  });

  it("F29: is 422 with another body, and belongs to its owner", async () => {
    await using house = await startGateway();
    const [me, you] = [await callerWith(house, {}), await callerWith(house, {})];
    expect((await me.post(chatPath, ask(), keyed())).status).toBe(200);
    for (const other of [ask({ seed: 1 }), ask({ stream: true })]) {
      const reused = await me.post(chatPath, other, keyed());
      expect([reused.status, reused.headers.get("x-should-retry")]).toEqual([422, "false"]);
      expect((await bodyOf(reused)).error).toMatchObject({
        type: "invalid_request_error",
        code: "idempotency_key_reused",
      });
    }
    const theirs = await you.post(chatPath, ask(), keyed());
    expect([theirs.status, replayed(theirs)]).toEqual([200, null]);
    expect(house.ledger.paid).toBe(6);
  });

  it.each(["a b", "é", "x".repeat(256), "", "\tx"])("F29: is 400 for the key %j", async (key) => {
    await using house = await startGateway();
    const refused = await house.post(chatPath, ask(), keyed(key));
    // What HTTP itself trims off is no part of a key.
    expect(refused.status).toBe(key === "\tx" ? 200 : 400);
    if (key !== "\tx") expect((await bodyOf(refused)).error.param).toBe("idempotency-key");
    expect(house.ledger.paid).toBe(key === "\tx" ? 3 : 0);
  });

  it.each(ways)("F25: goes on when its caller leaves, and its answer can be fetched (%s)", async (...way) => {
    const [_what, path, body, calls] = way;
    const answering = createGate();
    const reply: Reply = { ...says("42"), after: answering.opened };
    await using house = await startGateway({ script: { member: () => reply, model: () => reply } });
    const leaving = new AbortController();
    const left = house.post(path, body, { ...keyed(), signal: leaving.signal }).catch(() => "left");
    await eventually(() => house.ledger.paid === calls, generously);
    leaving.abort();
    expect(await left).toBe("left");
    answering.open();
    const fetched = await house.post(path, body, keyed());
    expect([fetched.status, replayed(fetched)]).toEqual([200, "true"]);
    expect(await textOf(fetched)).toBe("42");
    expect([house.ledger.paid, house.ledger.aborted]).toEqual([calls, 0]);
  });

  it("is reported when a defect ends it and nobody waits for it any more", async () => {
    const breaking = createGate();
    const error = new Error("a bug");
    await using house = await startGateway({ script: { model: () => ({ after: breaking.opened, error }) } });
    const leaving = new AbortController();
    const asked = ask({ model: "groq/x" });
    const left = house.post(chatPath, asked, { ...keyed(), signal: leaving.signal }).catch(() => "left");
    await eventually(() => house.ledger.completions.length === 1, generously);
    leaving.abort();
    expect(await left).toBe("left");
    breaking.open();
    await eventually(() => house.log.some(({ msg }) => msg === "unexpected error"), generously);
    expect((await house.post(chatPath, asked, keyed())).status).toBe(500);
    expect(house.ledger.paid).toBe(1);
  });

  it("is logged ahead with its key, as the run that its answer names", async () => {
    await using house = await startGateway();
    const { consensus } = await bodyOf(await house.post(chatPath, ask(), keyed("k-7")));
    const { runs } = await house.stores.runs.list({ limit: 10 });
    expect(runs).toMatchObject([{ runId: consensus["run_id"], idempotencyKey: "k-7", status: "completed" }]);
  });

  it("is told a failure again that was paid for", async () => {
    const failure = { reason: "upstream_error", message: "Broken.", retryable: true } as const;
    await using house = await startGateway({
      script: { member: (model) => (model === "sim/a" ? says("42") : { failure }) },
    });
    const [first, again] = [
      await house.post(chatPath, ask(), keyed()),
      await house.post(chatPath, ask(), keyed()),
    ];
    expect([first.status, again.status]).toEqual([503, 503]);
    expect([replayed(again), again.headers.get("x-should-retry")]).toEqual(["true", "false"]);
    expect(await again.text()).toBe(await first.text());
    expect(house.ledger.paid).toBe(3);
  });

  it.each([true, false])("is told a broken answer of one model again, streamed: %s", async (stream) => {
    const spent = create(SpentUsageSchema, { usage: { costUsdNanos: 7n }, attempts: 1 });
    const error = new SynodError({ reason: "upstream_error", message: "Broken." }, { spent });
    await using house = await startGateway({ script: { model: () => ({ pieces: ["4"], error }) } });
    const asked = ask({ model: "groq/x", stream });
    const [first, again] = [
      await house.post(chatPath, asked, keyed()),
      await house.post(chatPath, asked, keyed()),
    ];
    expect([first.status, again.status]).toEqual(stream ? [200, 200] : [502, 502]);
    expect(replayed(again)).toBe("true");
    expect(await again.text()).toBe(await first.text());
    expect(house.ledger.paid).toBe(1);
  });

  it("frees the key when nothing was paid for it", async () => {
    const spent = create(SpentUsageSchema);
    const error = new SynodError({ reason: "rate_limit_exceeded", message: "Wait." }, { spent });
    let asked = 0;
    await using house = await startGateway({
      script: { model: () => (asked++ === 0 ? { error } : says("42")) },
    });
    const body = ask({ model: "groq/x" });
    const refused = await house.post(chatPath, body, keyed());
    expect([refused.status, refused.headers.get("x-should-retry")]).toEqual([429, "true"]);
    const answered = await house.post(chatPath, body, keyed());
    expect([answered.status, replayed(answered)]).toEqual([200, null]);
    expect((await house.post(chatPath, ask({ model: "synod/nope" }), keyed("k-2"))).status).toBe(404);
    expect((await house.post(chatPath, body, keyed("k-2"))).status).toBe(200);
    expect(house.ledger.paid).toBe(3);
  });

  it("takes nothing from limits when it is told again", async () => {
    await using house = await startGateway();
    const caller = await callerWith(house, { requestsPerMinute: 1, usdNanosPerDay: 1_000_000 });
    for (let sent = 0; sent < 3; sent++) {
      expect((await caller.post(chatPath, ask(), keyed())).status).toBe(200);
    }
    expect(await caller.spending()).toMatchObject({ dayUsdNanos: 3_000 });
    const refused = await caller.post(chatPath, ask(), keyed("k-2"));
    expect((await bodyOf(refused)).error.code).toBe("rate_limit_exceeded");
    expect(house.ledger.paid).toBe(3);
  });

  it("is refused before anything is asked when it cannot be kept", async () => {
    const stores = createMemoryStores();
    const claim = () => Promise.reject(new StorageError("full", "synod.db", ""));
    const failing: Stores = { ...stores, idempotency: { ...stores.idempotency, claim } };
    await using house = await startGateway({ stores: failing });
    const refused = await house.post(chatPath, ask(), keyed());
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "5"]);
    expect((await bodyOf(refused)).error.code).toBe("storage_unavailable");
    expect(house.ledger.paid).toBe(0);
    expect((await house.post(chatPath, ask())).status).toBe(200);
  });
});
