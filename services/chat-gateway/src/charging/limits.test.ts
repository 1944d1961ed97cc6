import { create } from "@bufbuild/protobuf";
import { MessageSchema, Role } from "@synod/contracts/model";
import { failureOf } from "@synod/rpc";
import { describe, expect, it } from "vitest";
import { bodyOf } from "../testing/body.js";
import { type ChargedCaller, callerWith } from "../testing/charged-caller.js";
import { ask, startGateway, type TestGateway } from "../testing/gateway.js";
import { createManualClock } from "../testing/manual-clock.js";
import { createMemoryStores } from "@synod/run-store";

const chatPath = "/v1/chat/completions";
const messages = [
  create(MessageSchema, { role: Role.USER, parts: [{ content: { case: "text", value: "hi" } }] }),
];

/** A gateway whose clocks stand still: buckets do not fill again. */
function startStill(): Promise<TestGateway> {
  return startGateway({ stores: createMemoryStores(createManualClock()) });
}

/** Every way to ask for something that is paid. */
const ways: Readonly<Record<string, (house: TestGateway, caller: ChargedCaller) => Promise<string>>> = {
  "a panel": (_, caller) => over(caller, chatPath, ask()),
  "a streamed panel": (_, caller) => over(caller, chatPath, ask({ stream: true })),
  "one model": (_, caller) => over(caller, chatPath, ask({ model: "groq/x" })),
  "one streamed model": (_, caller) => over(caller, chatPath, ask({ model: "groq/x", stream: true })),
  "a text completion": (_, caller) => over(caller, "/v1/completions", { model: "a/b", prompt: "Once" }),
  "the reference system's route": (_, caller) => over(caller, "/api/routes/chat", { user_message: "hi" }),
  "Chat of a panel": ({ chat }, { headers }) =>
    told(chat.chat({ model: "synod/default", messages }, { headers })),
  "Chat of one model": ({ chat }, { headers }) => told(chat.chat({ model: "groq/x", messages }, { headers })),
  "StreamChat of a panel": (house, caller) => streamed(house, caller, "synod/default"),
  "StreamChat of one model": (house, caller) => streamed(house, caller, "groq/x"),
};

/** Every body that is answered over HTTP, and whether it is streamed. */
const bodies = [
  ["a panel", chatPath, ask()],
  ["a streamed panel", chatPath, ask({ stream: true })],
  ["one model", chatPath, ask({ model: "groq/x" })],
  ["one streamed model", chatPath, ask({ model: "groq/x", stream: true })],
  ["a text completion", "/v1/completions", { model: "a/b", prompt: "Once" }],
  ["a streamed text completion", "/v1/completions", { model: "a/b", prompt: "Once", stream: true }],
] as const;

async function over(caller: ChargedCaller, path: string, body: object): Promise<string> {
  const response = await caller.post(path, body);
  const text = await response.text();
  return response.ok ? "answered" : JSON.parse(text).error.code;
}

const told = (answer: Promise<unknown>): Promise<string> =>
  answer.then(
    () => "answered",
    (error: unknown) => failureOf(error).reason,
  );

function streamed({ chat }: TestGateway, { headers }: ChargedCaller, model: string): Promise<string> {
  const read = async (): Promise<void> => {
    for await (const _ of chat.streamChat({ chat: { model, messages } }, { headers }));
  };
  return told(read());
}

describe("requests a minute", () => {
  it.each(Object.keys(ways))("count %s", async (way) => {
    await using house = await startStill();
    const caller = await callerWith(house, { requestsPerMinute: 1 });
    expect(await ways[way]?.(house, caller)).toBe("answered");
    const { paid } = house.ledger;
    expect(await ways[way]?.(house, caller)).toBe("rate_limit_exceeded");
    expect(house.ledger.paid).toBe(paid);
  });

  it("are told with the wait, and that asking again helps", async () => {
    await using house = await startStill();
    const caller = await callerWith(house, { requestsPerMinute: 2 });
    for (let sent = 0; sent < 2; sent++) expect((await caller.post(chatPath, ask())).status).toBe(200);
    const refused = await caller.post(chatPath, ask());
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("30");
    expect(refused.headers.get("x-should-retry")).toBe("true");
    const { error } = await bodyOf(refused);
    expect(error).toMatchObject({ type: "rate_limit_error", code: "rate_limit_exceeded", param: null });
    expect(error.message).toBe("This key may send 2 requests a minute. Ask again soon.");
    expect(house.ledger.paid).toBe(6);
  });

  it.each(bodies)("are told alike to whoever asks %s, and free an idempotency key", async (...way) => {
    const [_what, path, body] = way;
    await using house = await startStill();
    const caller = await callerWith(house, { requestsPerMinute: 1 });
    expect((await caller.post(chatPath, ask({ model: "groq/x" }))).status).toBe(200);
    for (let sent = 0; sent < 2; sent++) {
      const refused = await caller.post(path, body, { headers: { "idempotency-key": "k-1" } });
      expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "60"]);
      expect(refused.headers.get("x-should-retry")).toBe("true");
      expect(refused.headers.get("idempotency-replayed")).toBeNull();
    }
    expect(house.ledger.paid).toBe(1);
  });

  it.each(["synod/default", "groq/x"])("are told alike over RPC by %s, and free a key", async (model) => {
    await using house = await startStill();
    const caller = await callerWith(house, { requestsPerMinute: 1 });
    expect((await caller.post(chatPath, ask({ model: "groq/x" }))).status).toBe(200);
    const headers = { ...caller.headers, "idempotency-key": "k-1" };
    const refused = { reason: "rate_limit_exceeded", retryable: true, retryAfterMs: 60_000 };
    const read = async (): Promise<void> => {
      for await (const _ of house.chat.streamChat({ chat: { model, messages } }, { headers }));
    };
    for (let sent = 0; sent < 2; sent++) {
      const whole = house.chat.chat({ model, messages }, { headers });
      expect(await whole.then(() => "answered", failureOf)).toMatchObject(refused);
      expect(await read().then(() => "answered", failureOf)).toMatchObject(refused);
    }
    expect(house.ledger.paid).toBe(1);
  });

  it.each([ask(), ask({ stream: true }), ask({ model: "groq/x" }), ask({ model: "groq/x", stream: true })])(
    "say in every answer what is left of them (%#)",
    async (asked) => {
      await using house = await startStill();
      const caller = await callerWith(house, { requestsPerMinute: 4, tokensPerMinute: 1_000 });
      for (const left of ["3", "2"]) {
        const { headers } = await caller.post(chatPath, asked);
        expect(headers.get("x-ratelimit-limit-requests")).toBe("4");
        expect(headers.get("x-ratelimit-remaining-requests")).toBe(left);
        expect(headers.get("x-ratelimit-reset-requests")).toBe(left === "3" ? "15s" : "30s");
        expect(headers.get("x-ratelimit-limit-tokens")).toBe("1000");
        expect(Number(headers.get("x-ratelimit-remaining-tokens"))).toBeLessThan(1_000);
      }
      const unlimited = await callerWith(house, {});
      const { headers } = await unlimited.post(chatPath, asked);
      expect([...headers.keys()].filter((name) => name.startsWith("x-ratelimit"))).toEqual([]);
    },
  );

  it("are those of one key alone, and lists of models are none", async () => {
    await using house = await startStill();
    const [one, other] = [
      await callerWith(house, { requestsPerMinute: 1 }),
      await callerWith(house, { requestsPerMinute: 1 }),
    ];
    for (let sent = 0; sent < 3; sent++) {
      expect((await fetch(`${house.url}/v1/models`, { headers: one.headers })).status).toBe(200);
    }
    expect((await one.post(chatPath, ask())).status).toBe(200);
    expect((await other.post(chatPath, ask())).status).toBe(200);
    expect((await one.post(chatPath, ask())).status).toBe(429);
    expect(house.ledger.paid).toBe(6);
  });
});

describe("tokens a minute", () => {
  // Each call sends 8 tokens, by 4 bytes each, and is known afterwards to have used 15.
  const spent = 3 * 15;

  it("are estimated before, and corrected after", async () => {
    await using house = await startStill();
    const caller = await callerWith(house, { tokensPerMinute: 3 * spent });
    for (let sent = 0; sent < 3; sent++) expect((await caller.post(chatPath, ask())).status).toBe(200);
    expect((await caller.post(chatPath, ask())).status).toBe(429);
    expect(house.ledger.paid).toBe(9);
  });

  it("count what may be written while it is not known", async () => {
    await using house = await startStill();
    const caller = await callerWith(house, { tokensPerMinute: 1_000 });
    const large = await caller.post(chatPath, ask({ model: "groq/x", max_tokens: 1_000 }));
    expect([large.status, large.headers.get("x-should-retry")]).toEqual([429, "false"]);
    expect((await bodyOf(large)).error.message).toBe(
      "This key may use 1000 tokens a minute, and this request counts as 1008. Lower max_tokens, or send less.",
    );
    const small = ask({ model: "groq/x", max_tokens: 900 });
    for (let sent = 0; sent < 3; sent++) expect((await caller.post(chatPath, small)).status).toBe(200);
    expect(house.ledger.paid).toBe(3);
  });
});
