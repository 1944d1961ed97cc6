import { describe, expect, test } from "vitest";
import { startSimulator } from "./simulator.js";
import { ask, chat, chatUrl } from "./testing/ask.js";
import { call, openCall, sseData } from "./testing/http-client.js";

describe("a simulator", () => {
  test("says the same with the same seed, and asked again something of its own", async () => {
    const said = async (seed: number) => {
      await using simulator = await startSimulator({ latency: "off", seed });
      const texts: string[] = [];
      for (let index = 0; index < 12; index++) {
        const reply = await ask(simulator, "openrouter", chat("ada-small", "What is 12% of 2500?"));
        const body = JSON.parse(reply.text) as { choices: [{ message: { content: string } }] };
        texts.push(body.choices[0].message.content);
      }
      return texts;
    };
    const [first, again] = [await said(5), await said(5)];
    expect(again).toEqual(first);
  });

  test("sends tokens one by one, each when it is due", async () => {
    await using simulator = await startSimulator({
      latency: { medianMs: 30, sigma: 0, tokensPerSecond: 200 },
    });
    const body = chat("ada-large", undefined, { stream: true });
    const { reply } = openCall(chatUrl(simulator, "openrouter"), { json: body });
    const tokens = sseData((await reply).text).length - 2;
    const [seen] = simulator.control.ledger();
    const took = (seen?.endedAt ?? 0) - (seen?.receivedAt ?? 0);
    expect(tokens).toBeGreaterThan(5);
    expect(took).toBeGreaterThanOrEqual(30 + (tokens - 1) * 5 - 5);
  });

  test("holds thousands of streams at once, and sees each of them leave", async () => {
    await using simulator = await startSimulator({ latency: "off" });
    simulator.control.setFaults([{ model: "bench/echo-20", calls: "all", fault: { kind: "hang" } }]);
    const streams = 2_000;
    const body = chat("bench/echo-20", undefined, { stream: true });
    const open = Array.from({ length: streams }, () =>
      openCall(chatUrl(simulator, "openrouter"), { json: body }),
    );
    await simulator.control.until(() => simulator.control.stats().tokensSent === 2 * streams, 20_000);
    expect(simulator.control.stats()).toMatchObject({
      received: streams,
      inFlight: streams,
      peakInFlight: streams,
    });
    for (const { leave } of open) leave();
    await simulator.control.until(() => simulator.control.stats().aborted === streams, 20_000);
    expect(simulator.control.stats()).toMatchObject({ inFlight: 0, finished: 0, failed: 0 });
    await Promise.all(open.map(({ reply }) => reply));
  }, 30_000);

  test("a bench model answers with as many tokens as its id says", async () => {
    await using simulator = await startSimulator();
    const reply = await ask(simulator, "groq", chat("bench/echo-200"));
    expect(JSON.parse(reply.text)).toMatchObject({
      choices: [{ message: { content: expect.stringMatching(/\nAnswer: 42$/) } }],
      usage: { completion_tokens: 200 },
    });
    expect(simulator.control.ledger()).toHaveLength(1);
  });

  test("is on loopback, gives its port back, and refuses options out of range", async () => {
    const simulator = await startSimulator({ latency: "off" });
    expect(simulator.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    await expect(startSimulator({ port: Number(new URL(simulator.url).port) })).rejects.toThrow("EADDRINUSE");
    await simulator[Symbol.asyncDispose]();
    await using again = await startSimulator({ port: Number(new URL(simulator.url).port) });
    expect(again.url).toBe(simulator.url);
    await expect(startSimulator({ speed: 0 })).rejects.toThrow("speed");
  });

  test("tells no route the answers", async () => {
    await using simulator = await startSimulator({ latency: "off" });
    for (const path of ["/", "/bank", "/control/bank", "/control/questions", "/openrouter/api/v1/bank"]) {
      expect((await call(`${simulator.url}${path}`)).status).toBe(404);
    }
  });
});
