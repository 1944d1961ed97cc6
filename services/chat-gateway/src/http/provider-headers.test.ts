import { describe, expect, it } from "vitest";
import { bodyOf } from "../testing/body.js";
import { ask, startGateway } from "../testing/gateway.js";
import { readStream } from "../testing/read-stream.js";
import { says } from "../testing/script.js";
import { providerHeadersOf } from "./provider-headers.js";

const chatPath = "/v1/chat/completions";
const model = "openrouter/acme/one";
const headers = {
  "HTTP-Referer": "https://app.example/",
  "X-Title": "Birds",
  "X-OpenRouter-Title": "Birds",
  "X-OpenRouter-Categories": "cli-agent,writing",
  "X-OpenRouter-Metadata": "enabled",
  "X-OpenRouter-Experimental-Metadata": "enabled",
  "X-OpenRouter-Cache": "true",
  "X-OpenRouter-Cache-TTL": "60",
  "X-OpenRouter-Cache-Clear": "false",
};
const lowered = Object.fromEntries(
  Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
);
const others = { "x-openrouter-other": "1", "x-evil": "1", referer: "http://elsewhere" };

describe("headers for OpenRouter", () => {
  it.each([
    ["a chat completion", chatPath, ask({ model })],
    ["a streamed one", chatPath, ask({ model, stream: true })],
    ["a text completion", "/v1/completions", { model, prompt: "Once" }],
  ])("go on with %s, and no others do", async (_, path, body) => {
    await using house = await startGateway();
    const response = await house.post(path, body, { headers: { ...headers, ...others } });
    expect(response.status).toBe(200);
    await response.text();
    expect(house.ledger.completions.map((asked) => asked.headers)).toEqual([lowered]);
  });

  it("are not needed, and mean nothing to a panel", async () => {
    await using house = await startGateway();
    await house.post(chatPath, ask({ model }));
    expect(house.ledger.completions[0]?.headers).toEqual({});
    const long = { "x-title": "x".repeat(2_000) };
    expect((await house.post(chatPath, ask(), { headers: long })).status).toBe(200);
  });

  it("F44: are refused by name when they are too long", async () => {
    await using house = await startGateway();
    const response = await house.post(chatPath, ask({ model }), {
      headers: { "X-Title": "x".repeat(1_025) },
    });
    expect(response.status).toBe(400);
    expect((await bodyOf(response)).error).toMatchObject({ code: "invalid_value", param: "x-title" });
    expect(house.ledger.paid).toBe(0);
  });

  it("F44: are refused when a line ends in them", () => {
    for (const value of ["a\r\nx-evil: 1", "a\nb", "a\u0000", "a\tb"]) {
      expect(() => providerHeadersOf({ "x-title": value })).toThrow(/^x-title must have at most/);
    }
    expect(providerHeadersOf({ "x-title": "V\u00c3\u00b6gel" })).toEqual({ "x-title": "V\u00c3\u00b6gel" });
  });
});

describe("what the head of OpenRouter's answer said", () => {
  const head = { "x-generation-id": "gen-7", "x-openrouter-cache-status": "HIT" };

  it("stands in the head of ours, streamed as well", async () => {
    await using house = await startGateway({ script: { model: () => ({ ...says("42"), head }) } });
    for (const stream of [false, true]) {
      const response = await house.post(chatPath, ask({ model, stream }));
      expect(Object.fromEntries(response.headers)).toMatchObject(head);
      if (stream) expect((await readStream(response)).done).toBe(true);
      else expect((await bodyOf(response)).choices[0].message.content).toBe("42");
    }
    expect(house.ledger.paid).toBe(2);
  });

  it("is left out of a stream that has begun", async () => {
    let answer = (): void => {};
    const after = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await using house = await startGateway({
      keepAliveMs: 5,
      script: { model: () => ({ ...says("42"), head, after }) },
    });
    const response = await house.post(chatPath, ask({ model, stream: true }));
    answer();
    expect(response.headers.get("x-generation-id")).toBeNull();
    expect((await readStream(response)).text).toBe("42");
    expect(house.ledger.paid).toBe(1);
  });

  it("may be read by pages of other origins", async () => {
    await using house = await startGateway({ corsOrigins: ["https://app.example"] });
    const origin = { origin: "https://app.example" };
    const response = await house.post(chatPath, ask({ model }), { headers: origin });
    expect(response.headers.get("access-control-expose-headers")).toContain("x-generation-id");
  });
});
