import { create } from "@bufbuild/protobuf";
import { MessageSchema, Role } from "@synod/contracts/model";
import { failureOf } from "@synod/rpc";
import { createGate, eventually } from "@synod/testing";
import { describe, expect, it } from "vitest";
import { bodyOf } from "../testing/body.js";
import { ask, startGateway } from "../testing/gateway.js";
import { serveGateway } from "../testing/serve-gateway.js";
import { hangs, says } from "../testing/script.js";

const path = "/v1/chat/completions";
const messages = [
  create(MessageSchema, { role: Role.USER, parts: [{ content: { case: "text", value: "?" } }] }),
];
const question = { model: "synod/default", messages };

describe("F62: more at once than the operator allows", () => {
  it("of questions are refused before they are read, and places come back", async () => {
    await using house = await startGateway({
      limits: { requestsAtOnce: 2 },
      script: { member: () => hangs },
    });
    const leaving = new AbortController();
    const { signal } = leaving;
    const sent = [
      house.post(path, ask(), { signal }),
      house.post("/api/routes/chat", { user_message: "What is 6 x 7?" }, { signal }),
    ].map((answered) => answered.catch(() => undefined));
    await eventually(() => house.ledger.paid === 6);
    const refused = await house.post(path, "this is not even looked at");
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(refused.headers.get("x-should-retry")).toBe("true");
    expect((await bodyOf(refused)).error).toMatchObject({ type: "overloaded", code: "overloaded" });
    const rpc = house.chat.chat(question).catch(failureOf);
    expect(await rpc).toMatchObject({ reason: "overloaded", retryable: true, retryAfterMs: 1_000 });
    expect((await house.get("/v1/models")).status).toBe(200);
    leaving.abort();
    await Promise.all(sent);
    await expect.poll(async () => (await house.post(path, "x")).status).toBe(400);
    expect(house.ledger.paid).toBe(6);
  });

  it("of calls by RPC are refused, and places come back, however a call ends", async () => {
    const replies = [hangs, hangs];
    const script = { model: () => replies.pop() ?? says("42") };
    await using house = await startGateway({ limits: { requestsAtOnce: 2 }, script });
    const one = { ...question, model: "groq/x" };
    const leaving = new AbortController();
    const options = { signal: leaving.signal };
    const whole = house.chat.chat(one, options).catch(failureOf);
    const streamed = (async () => {
      for await (const _ of house.chat.streamChat({ chat: one }, options));
    })().catch(failureOf);
    await eventually(() => house.ledger.paid === 2);
    expect(await house.chat.chat(one).catch(failureOf)).toMatchObject({ reason: "overloaded" });
    expect((await house.post(path, ask())).status).toBe(503);
    leaving.abort();
    expect(await Promise.all([whole, streamed])).toMatchObject([
      { reason: "canceled" },
      { reason: "canceled" },
    ]);
    for (let count = 0; count < 5; count += 1) {
      await house.chat.chat(one);
      for await (const _ of house.chat.streamChat({ chat: one }));
      await house.chat.chat({ ...one, consensusJson: "{" }).catch(() => undefined);
    }
    expect(house.ledger.paid).toBe(12);
  });

  it("of calls by RPC with a key are refused while the work of callers who have left goes on", async () => {
    const answering = createGate();
    const script = { model: () => ({ ...says("42"), after: answering.opened }) };
    await using house = await startGateway({ limits: { requestsAtOnce: 1 }, script });
    const one = { ...question, model: "groq/x" };
    const leaving = new AbortController();
    const options = (key: string) => ({ signal: leaving.signal, headers: { "idempotency-key": key } });
    const first = house.chat.chat(one, options("k-0")).catch(failureOf);
    await eventually(() => house.ledger.paid === 1);
    leaving.abort();
    expect(await first).toMatchObject({ reason: "canceled" });
    for (const key of ["k-1", "k-2"]) {
      const headers = { "idempotency-key": key };
      expect(await house.chat.chat(one, { headers }).catch(failureOf)).toMatchObject({
        reason: "overloaded",
      });
      const streamed = (async () => {
        for await (const _ of house.chat.streamChat({ chat: one }, { headers }));
      })();
      expect(await streamed.catch(failureOf)).toMatchObject({ reason: "overloaded" });
    }
    expect(house.ledger.paid).toBe(1);
    answering.open();
    await expect.poll(() => house.chat.chat(one).catch(failureOf)).toMatchObject({ model: "groq/x" });
    expect(house.ledger.paid).toBe(2);
  });

  it("of bytes are refused while the work of callers with a key who have left goes on", async () => {
    const answering = createGate();
    const reply = { ...says("42"), after: answering.opened };
    await using house = await startGateway({
      limits: { bytesAtOnce: 1_500 },
      script: { member: () => reply, model: () => reply },
    });
    await using server = await serveGateway(house);
    const rpc = "/synod.chat.v1.ChatService/Chat";
    const asked = {
      model: "groq/x",
      messages: [{ role: "ROLE_USER", parts: [{ text: "x".repeat(600) }] }],
    };
    const post = (to: string, body: object, key: string, signal?: AbortSignal) =>
      fetch(`${server.webUrl}${to}`, {
        method: "POST",
        headers: { "content-type": "application/json", "idempotency-key": key },
        body: JSON.stringify(body),
        ...(signal !== undefined && { signal }),
      });
    const leaving = new AbortController();
    const { signal } = leaving;
    const padded = ask({ user: "x".repeat(600) });
    const sent = [post(path, padded, "k-0", signal), post(rpc, asked, "k-1", signal)].map((answered) =>
      answered.catch(() => undefined),
    );
    await eventually(() => house.ledger.paid === 4);
    leaving.abort();
    await Promise.all(sent);
    await eventually(() => house.log.some(({ status }) => status === 499));
    expect((await post(path, padded, "k-2")).status).toBe(503);
    expect((await post(rpc, asked, "k-3")).status).toBe(503);
    expect(house.ledger.paid).toBe(4);
    answering.open();
    await expect.poll(async () => (await post(rpc, asked, "k-3")).status).toBe(200);
    expect(house.ledger.paid).toBe(5);
  });

  it("of bytes are refused, and room comes back", async () => {
    await using house = await startGateway({
      limits: { bytesAtOnce: 1_000 },
      script: { member: () => hangs },
    });
    const leaving = new AbortController();
    const padded = ask({ user: "x".repeat(600) });
    const sent = house.post(path, padded, { signal: leaving.signal }).catch(() => undefined);
    await eventually(() => house.ledger.paid === 3);
    const refused = await house.post(path, padded);
    expect(refused.status).toBe(503);
    expect((await bodyOf(refused)).error).toMatchObject({ code: "overloaded" });
    expect((await house.post(path, ask({ n: 3 }))).status).toBe(400);
    leaving.abort();
    await sent;
    await expect.poll(async () => (await house.post(path, { ...padded, n: 3 })).status).toBe(400);
    expect(house.ledger.paid).toBe(3);
  });
});
