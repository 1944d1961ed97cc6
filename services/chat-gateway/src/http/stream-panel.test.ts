import type { Failure } from "@synod/consensus";
import { FinishReason } from "@synod/contracts/model";
import { SynodError } from "@synod/rpc";
import type { Preset } from "@synod/settings";
import { createGate, eventually } from "@synod/testing";
import { describe, expect, it } from "vitest";
import { bodyOf } from "../testing/body.js";
import { ask, defaultPreset, startGateway, type TestGateway } from "../testing/gateway.js";
import { parseStream, readStream } from "../testing/read-stream.js";
import { hangs, says } from "../testing/script.js";

const synthesis: Preset = {
  ...defaultPreset,
  aggregation: { strategy: "synthesis", model: "sim/synthesiser" },
};
const broken: Failure = { reason: "upstream_error", message: "Broken.", retryable: true };

const stream = (house: TestGateway, init?: RequestInit): Promise<Response> =>
  house.post("/v1/chat/completions", ask({ stream: true }), init);

describe("a panel's streamed answer", () => {
  it("says who speaks, streams the last aggregation, finishes, then tells of the run", async () => {
    await using house = await startGateway({
      presets: { default: synthesis },
      script: { aggregate: () => says("It is ", "42", ".") },
    });
    const response = await stream(house);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(response.headers.get("x-request-id")).not.toBeNull();
    const { chunks, comments, done, text } = await readStream(response);
    expect(done).toBe(true);
    expect(text).toBe("It is 42.");
    expect(chunks.map(({ choices }) => choices[0]?.delta)).toEqual([
      { role: "assistant", content: "" },
      { content: "It is " },
      { content: "42" },
      { content: "." },
      {},
      undefined,
    ]);
    expect(chunks.map(({ choices }) => choices[0]?.finish_reason)).toEqual([
      null,
      null,
      null,
      null,
      "stop",
      undefined,
    ]);
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
    expect(
      chunks.every(({ object, model }) => object === "chat.completion.chunk" && model === "synod/default"),
    ).toBe(true);
    const last = chunks.at(-1);
    expect(last?.choices).toEqual([]);
    expect(last?.usage).toMatchObject({ total_tokens: 60, cost: 0.000004 });
    expect(last?.consensus).toMatchObject({ strategy: "synthesis", simulated: true, calls: { made: 4 } });
    expect(comments).toContain("synod round 1 2/3 answered");
    expect(house.ledger.paid).toBe(4);
  });

  it("sends a vote's text in one piece once it is known", async () => {
    await using house = await startGateway();
    const { chunks, text, done } = await readStream(await stream(house));
    expect(text).toBe("42");
    expect(chunks).toHaveLength(4);
    expect(done).toBe(true);
    expect(house.ledger.paid).toBe(3);
  });

  it("annotate: the answer is out while the judge still thinks, and the verdict is in the last chunk", async () => {
    const verdict = createGate();
    const preset: Preset = { ...synthesis, judge: { mode: "annotate", models: ["sim/judge"] } };
    await using house = await startGateway({
      presets: { default: preset },
      script: {
        aggregate: () => says("It is 42."),
        judge: () => ({ after: verdict.opened, verdict: "wrong" }),
      },
    });
    const response = await stream(house);
    const reader = (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();
    let received = "";
    while (!received.includes("It is 42.")) received += (await reader.read()).value ?? "";
    expect(received).not.toContain('finish_reason":"stop');
    verdict.open();
    for (let next = await reader.read(); !next.done; next = await reader.read()) received += next.value;
    const { chunks, text, done } = parseStream(received);
    expect(text).toBe("It is 42.");
    expect(done).toBe(true);
    expect(chunks.at(-1)?.consensus).toMatchObject({
      validated: false,
      judge: { verdict: "wrong", findings: [{ problem: "too short" }], attempts: 1 },
    });
    expect(house.ledger.paid).toBe(5);
  });

  it("gate: nothing is out before the answer is accepted", async () => {
    const preset: Preset = { ...synthesis, judge: { mode: "gate", models: ["sim/judge"] } };
    await using house = await startGateway({
      presets: { default: preset },
      script: {
        aggregate: (_, before) => says(`draft ${before + 1}`),
        judge: (_, before) => ({ verdict: before === 0 ? "wrong" : "right" }),
      },
    });
    const { text, chunks, comments } = await readStream(await stream(house));
    expect(text).toBe("draft 2");
    expect(comments).toContain("synod regeneration 1");
    expect(chunks.at(-1)?.consensus).toMatchObject({ validated: true, judge: { attempts: 2 } });
    expect(house.ledger.paid).toBe(10);
  });

  it("sends comments while nothing happens", async () => {
    const open = createGate();
    await using house = await startGateway({
      keepAliveMs: 20,
      script: { member: () => ({ after: open.opened, pieces: ["42"] }) },
    });
    const response = await stream(house);
    expect(response.status).toBe(200);
    const reader = (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();
    let received = "";
    while (received.split(": synod round 1 0/3 answered").length < 4)
      received += (await reader.read()).value ?? "";
    open.open();
    for (let next = await reader.read(); !next.done; next = await reader.read()) received += next.value;
    expect(parseStream(received)).toMatchObject({ text: "42", done: true });
  });

  it("ends with content_filter when every member refuses", async () => {
    const reply = { finishReason: FinishReason.CONTENT_FILTER, refusal: "No." };
    await using house = await startGateway({ script: { member: () => reply } });
    const { chunks } = await readStream(await stream(house));
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe("content_filter");
    expect(
      chunks.some(({ choices }) => choices[0]?.delta["refusal"] === "All 3 members refused to answer."),
    ).toBe(true);
  });
});

describe("a panel's stream without an answer", () => {
  it("is a plain error as long as no member has answered", async () => {
    await using house = await startGateway({ script: { member: () => ({ failure: broken }) } });
    const response = await stream(house);
    expect(response.status).toBe(502);
    expect((await bodyOf(response)).error.code).toBe("all_models_failed");
    expect(house.ledger.paid).toBe(3);
  });

  it("ends with an error chunk and [DONE] after that", async () => {
    await using house = await startGateway({
      script: { member: (model) => (model === "sim/a" ? says("42") : { failure: broken }) },
    });
    const response = await stream(house);
    expect(response.status).toBe(200);
    const { chunks, done } = await readStream(response);
    expect(done).toBe(true);
    expect(chunks).toEqual([
      {
        id: expect.stringMatching(/^chatcmpl-/),
        object: "chat.completion.chunk",
        created: expect.any(Number),
        model: "synod/default",
        system_fingerprint: expect.any(String),
        error: { code: 503, message: expect.any(String) },
        choices: [{ index: 0, delta: { content: "" }, finish_reason: "error" }],
        consensus: expect.objectContaining({ rounds: 1 }),
      },
    ]);
    expect(house.ledger.paid).toBe(3);
  });

  it("ends with an error chunk when the aggregator fails after a piece went out", async () => {
    const error = new SynodError({ reason: "upstream_error", message: "It broke." });
    await using house = await startGateway({
      presets: { default: synthesis },
      script: { aggregate: () => ({ pieces: ["It is"], error }) },
    });
    const { chunks, text, done } = await readStream(await stream(house));
    expect(text).toBe("It is");
    expect(chunks.at(-1)).toMatchObject({ error: { code: 502 }, choices: [{ finish_reason: "error" }] });
    expect(done).toBe(true);
    expect(house.ledger.paid).toBe(4);
  });

  it("F45: ends with an error chunk when Synod stops", async () => {
    await using house = await startGateway({
      presets: { default: synthesis },
      script: { aggregate: () => ({ pieces: ["It is"], hangs: true }) },
    });
    const response = await stream(house);
    await eventually(() => house.ledger.aggregations.length === 1);
    await house.gateway[Symbol.asyncDispose]();
    const { chunks, done } = await readStream(response);
    expect(chunks.at(-1)).toMatchObject({ error: { code: 503, message: "Synod is stopping. Ask again." } });
    expect(done).toBe(true);
    expect(house.ledger.aborted).toBe(1);
  });
});

describe("F25: a caller who leaves a stream", () => {
  it("cancels the aggregator's call", async () => {
    await using house = await startGateway({
      presets: { default: synthesis },
      script: { aggregate: () => ({ pieces: ["It is"], hangs: true }) },
    });
    const leaving = new AbortController();
    const response = await stream(house, { signal: leaving.signal });
    const reader = (response.body ?? new ReadableStream()).getReader();
    await reader.read();
    await eventually(() => house.ledger.aggregations.length === 1);
    leaving.abort();
    await eventually(() => house.ledger.aborted === 1, { what: "the aggregator is left" });
    await eventually(() => house.log.some((line) => line["status"] === 499), { what: "the log says 499" });
    expect(house.ledger.paid).toBe(4);
  });

  it("leaves members that still think", async () => {
    await using house = await startGateway({
      script: { member: (model) => (model === "sim/a" ? says("42") : hangs) },
    });
    const leaving = new AbortController();
    const response = await stream(house, { signal: leaving.signal });
    expect(response.status).toBe(200);
    leaving.abort();
    await eventually(() => house.ledger.aborted === 2, { what: "two members are left" });
    expect(house.ledger.paid).toBe(3);
  });
});
