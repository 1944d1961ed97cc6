import { create } from "@bufbuild/protobuf";
import { type ChatResponse, ChatService } from "@synod/contracts/chat";
import { MessageSchema, Role } from "@synod/contracts/model";
import { SpentUsageSchema } from "@synod/contracts/provider";
import { type Client, createGrpcTransport, createServiceClient, failureOf, SynodError } from "@synod/rpc";
import { createGate, eventually } from "@synod/testing";
import { describe, expect, it } from "vitest";
import { startGateway } from "../testing/gateway.js";
import { serveGateway } from "../testing/serve-gateway.js";
import { type Reply, says, textOf } from "../testing/script.js";

const messages = [
  create(MessageSchema, { role: Role.USER, parts: [{ content: { case: "text", value: "6 x 7?" } }] }),
];
const panel = { model: "synod/default", messages };
const model = { model: "groq/x", messages };

/** What came of a call. */
interface Called {
  readonly answer: ChatResponse | undefined;
  /** The text as it was streamed; empty where it was not. */
  readonly streamed: string;
  readonly isReplayed: boolean;
}

type Options = { readonly key?: string; readonly signal?: AbortSignal };

function optionsOf({ key = "k-1", signal }: Options, noteHeader: (header: Headers) => void) {
  return {
    headers: { "idempotency-key": key },
    onHeader: noteHeader,
    ...(signal !== undefined && { signal }),
  };
}

async function chat(
  client: Client<typeof ChatService>,
  asked: typeof panel,
  options: Options = {},
): Promise<Called> {
  let isReplayed = false;
  const note = (header: Headers): void => {
    isReplayed = header.get("idempotency-replayed") === "true";
  };
  const answer = await client.chat(asked, optionsOf(options, note));
  return { answer, streamed: "", isReplayed };
}

async function stream(
  client: Client<typeof ChatService>,
  asked: typeof panel,
  options: Options = {},
): Promise<Called> {
  let isReplayed = false;
  let answer: ChatResponse | undefined;
  let streamed = "";
  const note = (header: Headers): void => {
    isReplayed = header.get("idempotency-replayed") === "true";
  };
  for await (const { event } of client.streamChat({ chat: asked }, optionsOf(options, note))) {
    if (event.case === "delta") streamed += event.value.text;
    if (event.case === "finished") answer = event.value.response;
  }
  return { answer, streamed, isReplayed };
}

const ways = [
  ["Chat of a panel", chat, panel, 3],
  ["Chat of one model", chat, model, 1],
  ["StreamChat of a panel", stream, panel, 3],
  ["StreamChat of one model", stream, model, 1],
] as const;

describe("a call with an idempotency key", () => {
  it.each(ways)("F27: is told the same answer again (%s)", async (_what, call, asked, calls) => {
    const reply = says("4", "2");
    await using house = await startGateway({ script: { member: () => reply, model: () => reply } });
    const first = await call(house.chat, asked);
    const again = await call(house.chat, asked);
    expect([first.isReplayed, again.isReplayed]).toEqual([false, true]);
    expect(again.answer).toEqual(first.answer);
    expect(again.streamed).toBe(first.streamed);
    expect(textOf(again.answer?.message)).toBe("42");
    expect(house.ledger.paid).toBe(calls);
  });

  it("F27: says so over gRPC too", async () => {
    await using house = await startGateway();
    await using server = await serveGateway(house);
    const target = new URL(server.grpcUrl ?? "").host;
    await using transport = createGrpcTransport({ target, services: [ChatService] });
    const client = createServiceClient(ChatService, transport);
    for (const [_what, call, asked] of ways) {
      const key = `${call.name}-${asked.model}`;
      const first = await call(client, asked, { key });
      expect(await call(client, asked, { key })).toEqual({ ...first, isReplayed: true });
    }
    expect(house.ledger.paid).toBe(8);
  });

  it.each(ways)("F28: is carried out once of 20 at once (%s)", async (_what, call, asked, calls) => {
    const answering = createGate();
    const reply: Reply = { ...says("42"), after: answering.opened };
    await using house = await startGateway({ script: { member: () => reply, model: () => reply } });
    const all = Array.from({ length: 20 }, () => call(house.chat, asked));
    await eventually(() => house.ledger.paid === calls);
    answering.open();
    const called = await Promise.all(all);
    expect(called.filter(({ isReplayed }) => isReplayed)).toHaveLength(19);
    expect(new Set(called.map(({ answer }) => answer?.id)).size).toBe(1);
    expect(house.ledger.paid).toBe(calls);
  });

  it("F29: is refused for another question, and with a key that is none", async () => {
    await using house = await startGateway();
    await chat(house.chat, panel);
    for (const other of [chat(house.chat, model), stream(house.chat, panel)]) {
      expect(await other.catch(failureOf)).toMatchObject({
        reason: "idempotency_key_reused",
        retryable: false,
      });
    }
    for (const key of ["a b", "x".repeat(256)]) {
      expect(await chat(house.chat, panel, { key }).catch(failureOf)).toMatchObject({
        reason: "invalid_value",
      });
    }
    expect(house.ledger.paid).toBe(3);
  });

  it.each(ways)("F25: goes on when its caller leaves (%s)", async (_what, call, asked, calls) => {
    const answering = createGate();
    const reply: Reply = { ...says("42"), after: answering.opened };
    await using house = await startGateway({ script: { member: () => reply, model: () => reply } });
    const leaving = new AbortController();
    const left = call(house.chat, asked, { signal: leaving.signal }).catch(failureOf);
    await eventually(() => house.ledger.paid === calls);
    leaving.abort();
    expect(await left).toMatchObject({ reason: "canceled" });
    answering.open();
    const fetched = await call(house.chat, asked);
    expect([textOf(fetched.answer?.message), fetched.isReplayed]).toEqual(["42", true]);
    expect([house.ledger.paid, house.ledger.aborted]).toEqual([calls, 0]);
  });

  it("is told a failure again that was paid for", async () => {
    const failure = { reason: "upstream_error", message: "Broken.", retryable: true } as const;
    await using house = await startGateway({
      script: { member: (asked) => (asked === "sim/a" ? says("42") : { failure }) },
    });
    const first = await chat(house.chat, panel).catch(failureOf);
    expect(first).toMatchObject({ reason: "quorum_not_met", retryable: false });
    expect(await chat(house.chat, panel).catch(failureOf)).toEqual(first);
    expect(house.ledger.paid).toBe(3);
  });

  it("is told a stream again that broke off", async () => {
    const error = new SynodError({ reason: "upstream_error", message: "Broken." });
    await using house = await startGateway({ script: { model: () => ({ pieces: ["4"], error }) } });
    const first = await stream(house.chat, model).catch(failureOf);
    expect(await stream(house.chat, model).catch(failureOf)).toEqual(first);
    expect(house.ledger.paid).toBe(1);
  });

  it("frees the key when nothing was paid for it", async () => {
    const error = new SynodError(
      { reason: "rate_limit_exceeded", message: "Wait." },
      { spent: create(SpentUsageSchema) },
    );
    let asked = 0;
    await using house = await startGateway({
      script: { model: () => (asked++ === 0 ? { error } : says("42")) },
    });
    expect(await chat(house.chat, model).catch(failureOf)).toMatchObject({ reason: "rate_limit_exceeded" });
    expect(await chat(house.chat, model)).toMatchObject({ isReplayed: false });
    expect(house.ledger.paid).toBe(2);
  });
});
