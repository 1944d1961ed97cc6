import { type AddressInfo, createServer } from "node:net";
import { Role } from "@synod/contracts/model";
import { describe, expect, it } from "vitest";
import type { Changes } from "./testing/asking.js";
import { failureOfCall, providerAt, question, startGateway, userTurn } from "./testing/gateway.js";
import {
  answering,
  type Script,
  startUpstream,
  streaming,
  streamingOpen,
} from "./testing/scripted-upstream.js";
import { bytesOf, openrouterChunk, openrouterStream } from "./testing/transcripts.js";

const key = "sk-CANARY-0123456789abcdef";
const prompt = "PROMPT-CANARY tell me";
const answerText = "ANSWER-CANARY";

/** An upstream that repeats what it was sent wherever it can. */
const echo: Script = (response, call) => {
  const text = `key ${call.headers.authorization} said ${call.text}`;
  answering(400, { error: { code: 400, message: text, metadata: { raw: text } } })(response, call);
};

const scripts: Readonly<Record<string, Script>> = {
  success: streaming(bytesOf([openrouterChunk({ content: answerText }), ...openrouterStream])),
  "an error that repeats the key": (response, call) => {
    const message = `bad key ${call.headers.authorization}`;
    answering(500, { error: { code: 500, message } })(response, call);
  },
  "a refused key": (response, call) => {
    answering(401, { error: { code: 401, message: `no such key: ${key}` } })(response, call);
  },
  "a broken stream": streaming(bytesOf([openrouterChunk({ content: answerText }), "data: {oops"])),
  "a page": (response, call) => answering(502, `<html>${call.headers.authorization}</html>`)(response, call),
};

describe("a key and a conversation (F61)", () => {
  it.each(Object.entries(scripts))("are in no log, metric or error: %s", async (_, script) => {
    await using upstream = await startUpstream(script);
    await using gateway = startGateway([providerAt(upstream.url, "openrouter", { keys: [key] })]);
    const completion = question("acme/one", { messages: [userTurn(prompt)] });
    const outcome = await gateway.client.complete({ completion }).then(() => undefined, String);
    await gateway.client.listModels({});
    expect(upstream.calls.map(({ headers }) => headers.authorization)).toEqual([
      `Bearer ${key}`,
      `Bearer ${key}`,
    ]);
    const seen = [gateway.log(), await gateway.metrics.text(), outcome ?? ""].join("\n");
    expect(gateway.log()).not.toBe("");
    for (const secret of [key, "CANARY", prompt]) expect(seen).not.toContain(secret);
    expect(await gateway.metrics.text()).not.toContain("acme/one");
  });

  it("are in no log or metric even when the upstream repeats both in its error; nor is the key in the error", async () => {
    await using upstream = await startUpstream(echo);
    await using gateway = startGateway([providerAt(upstream.url, "openrouter", { keys: [key] })]);
    const completion = question("acme/one", { messages: [userTurn(prompt)] });
    const failure = await failureOfCall(gateway.client.complete({ completion }));
    expect(failure.message).not.toContain("sk-");
    const seen = [gateway.log(), await gateway.metrics.text()].join("\n");
    for (const secret of [key, "CANARY"]) expect(seen).not.toContain(secret);
    expect(upstream.calls.length).toBe(1);
  });

  it.each<[string, Changes]>([
    ["the text to be continued", { messages: [], prompt }],
    ["a stop text", { sampling: { stop: [prompt] } }],
    [
      "an earlier turn's reasoning",
      { messages: [{ role: Role.ASSISTANT, reasoning: prompt }, userTurn("And?")] },
    ],
    [
      "the last turn of a long conversation",
      { messages: [userTurn("x ".repeat(300_000)), userTurn(prompt)] },
    ],
  ])("are in no log when the upstream repeats %s", async (_, changes) => {
    await using upstream = await startUpstream((response, call) => {
      const number = upstream.calls.length;
      const body =
        number === 1 ? `<html>${prompt}</html>` : { error: { code: 400, message: `bad: ${prompt}` } };
      answering(number === 1 ? 502 : 400, body)(response, call);
    });
    await using gateway = startGateway([providerAt(upstream.url, "openrouter", { keys: [key] })]);
    for (const reason of ["upstream_error", "upstream_rejected"]) {
      const completion = question("acme/one", changes);
      expect(await failureOfCall(gateway.client.complete({ completion }))).toMatchObject({ reason });
    }
    expect(gateway.log()).toContain("upstream failed");
    expect(gateway.log()).not.toContain("CANARY");
    expect(upstream.calls.length).toBe(2);
  });

  it("are not told to others who ask a model that is left alone", async () => {
    await using upstream = await startUpstream(
      answering(500, { error: { message: `cannot do: ${prompt}` } }),
    );
    await using gateway = startGateway([providerAt(upstream.url, "openrouter", { breakerFailures: 1 })]);
    await failureOfCall(
      gateway.client.complete({ completion: question("acme/one", { messages: [userTurn(prompt)] }) }),
    );
    const other = await failureOfCall(gateway.client.complete({ completion: question("acme/one") }));
    expect(other.message).toContain("not asked");
    expect(other.message + gateway.log()).not.toContain("CANARY");
    expect(upstream.calls.length).toBe(1);
  });

  it("of any form is hidden when the upstream repeats it", async () => {
    await using upstream = await startUpstream((response, call) => {
      const message = `cannot use ${call.headers.authorization?.slice(7)}, sorry`;
      streaming(Buffer.from(`data: ${JSON.stringify({ error: { code: 500, message } })}\n\n`))(
        response,
        call,
      );
    });
    await using gateway = startGateway([providerAt(upstream.url, "openai", { keys: ["hunter2 CANARY"] })]);
    const failure = await failureOfCall(gateway.client.complete({ completion: question("local/x") }));
    expect(failure.message).toBe("local/x: cannot use [hidden], sorry");
    expect(gateway.log()).not.toContain("CANARY");
    expect(upstream.calls.length).toBe(1);
  });

  it("leave a page of HTML to the log alone, its beginning and without them (F4)", async () => {
    const page = (said: string): string => `<html><h1>502</h1>${said}${"x".repeat(500)}</html>`;
    const asked: string[] = [];
    await using upstream = await startUpstream((response, call) => {
      asked.push(String(call.headers.authorization));
      answering(502, page(asked.length === 1 ? key : prompt))(response, call);
    });
    await using gateway = startGateway([providerAt(upstream.url, "openrouter", { keys: [key] })]);
    for (const word of ["<h1>502</h1>[hidden]", undefined]) {
      const before = gateway.log().length;
      const completion = question("acme/one", { messages: [userTurn(prompt)] });
      const failure = await failureOfCall(gateway.client.complete({ completion }));
      expect(failure.message).not.toMatch(/html|h1|xx/);
      const lines = gateway
        .log()
        .slice(before)
        .split("\n")
        .filter((line) => line.includes("upstream failed"));
      expect(lines).toHaveLength(1);
      const { snippet } = JSON.parse(lines[0] ?? "");
      if (word === undefined) expect(snippet).toBeUndefined();
      else expect(snippet).toContain(word);
    }
    expect(gateway.log()).not.toContain("CANARY");
    expect(upstream.calls.length).toBe(2);
  });

  it("are in no error of the network", async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const keys = [key, `${key}\r\nx-evil: 1`];
    for (const one of keys) {
      const settings = providerAt(`http://user:${key}@127.0.0.1:${port}`, "openrouter", { keys: [one] });
      await using gateway = startGateway([settings]);
      const failure = await failureOfCall(gateway.client.complete({ completion: question("acme/one") }));
      expect(JSON.stringify(failure) + gateway.log()).not.toContain("CANARY");
    }
  });
});

describe("headers (F44)", () => {
  it("hold the key, what describes the body, our name, and nothing else", async () => {
    await using upstream = await startUpstream(streaming(bytesOf(openrouterStream)));
    await using gateway = startGateway([providerAt(upstream.url, "openrouter")]);
    const headers = { "x-request-id": "abc", "x-evil": "1", authorization: "Bearer callers" };
    await gateway.client.complete({ completion: question("acme/one") }, { headers });
    expect(Object.keys(upstream.calls[0]?.headers ?? {}).toSorted()).toEqual([
      "accept",
      "accept-encoding",
      "authorization",
      "connection",
      "content-length",
      "content-type",
      "host",
      "user-agent",
    ]);
    expect(upstream.calls[0]?.headers.authorization).toBe("Bearer key-of-openrouter");
  });

  it("go to no other host: redirects are not followed (F22)", async () => {
    await using elsewhere = await startUpstream(streaming(bytesOf(openrouterStream)));
    const location = `${elsewhere.url}/v1/chat/completions`;
    await using upstream = await startUpstream(answering(308, "", { location }));
    await using gateway = startGateway([providerAt(upstream.url, "openrouter")]);
    expect(await failureOfCall(gateway.client.complete({ completion: question("acme/one") }))).toMatchObject({
      reason: "upstream_error",
      retryable: false,
    });
    expect([upstream.calls.length, elsewhere.calls.length]).toEqual([1, 0]);
  });
});

describe("metrics", () => {
  it("count calls, tokens and costs by provider", async () => {
    await using upstream = await startUpstream((response, call) => {
      const good = upstream.calls.length === 1;
      (good ? streaming(bytesOf(openrouterStream)) : answering(503, "{}"))(response, call);
    });
    await using gateway = startGateway([providerAt(upstream.url, "openrouter")]);
    await gateway.client.complete({ completion: question("acme/one") });
    await failureOfCall(gateway.client.complete({ completion: question("acme/one") }));
    const text = await gateway.metrics.text();
    const value = (name: string, ...labels: string[]) =>
      text
        .split("\n")
        .find((line) => line.startsWith(`${name}{`) && labels.every((label) => line.includes(label)));
    expect(value("synod_upstream_attempts_total", 'outcome="answered"')).toMatch(/ 1$/);
    expect(value("synod_upstream_attempts_total", 'outcome="upstream_error"')).toMatch(/ 1$/);
    expect(value("synod_upstream_tokens_total", 'direction="output"')).toMatch(/ 3$/);
    expect(value("synod_upstream_cost_usd_total")).toMatch(/ 0\.0000021$/);
    expect(value("synod_upstream_first_token_seconds_count")).toMatch(/ 1$/);
    expect(value("synod_upstream_running")).toMatch(/ 0$/);
    expect(upstream.calls.length).toBe(2);
  });
});

describe("stopping", () => {
  it("ends what is going on", async () => {
    await using upstream = await startUpstream(streamingOpen(bytesOf([openrouterChunk({ content: "4" })])));
    const gateway = startGateway([providerAt(upstream.url, "openrouter")]);
    const call = failureOfCall(gateway.client.complete({ completion: question("acme/one") }));
    await expect.poll(() => upstream.calls.length).toBe(1);
    await gateway[Symbol.asyncDispose]();
    expect((await call).reason).toBe("overloaded");
    await expect.poll(() => upstream.cut).toBe(1);
  });
});
