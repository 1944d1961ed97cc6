import type { Failure } from "@synod/consensus";
import { eventually } from "@synod/testing";
import { describe, expect, it } from "vitest";
import { bodyOf } from "../testing/body.js";
import { ask, startGateway, type TestGateway } from "../testing/gateway.js";
import { readStream } from "../testing/read-stream.js";
import { hangs, says } from "../testing/script.js";

const failure: Failure = { reason: "upstream_error", message: "Broken.", retryable: true };
const watched = { stream: true, consensus: { stream: "members" } };
const stream = (house: TestGateway, init?: RequestInit): Promise<Response> =>
  house.post("/v1/chat/completions", ask(watched), init);

describe("a stream that shows the members", () => {
  it("has what each of them writes and what became of it, in chunks without choices", async () => {
    await using house = await startGateway({
      script: { member: (model) => (model === "sim/c" ? { failure } : says("4", "2")) },
    });
    const { chunks, text, done } = await readStream(await stream(house));
    const told = chunks.flatMap((chunk) => chunk.consensus_event ?? []);
    expect(told).toEqual([
      { type: "round_started", round: 1, voters: 3 },
      { type: "member_delta", round: 1, member: 0, sample: 1, model: "sim/a", text: "4" },
      { type: "member_delta", round: 1, member: 0, sample: 1, model: "sim/a", text: "2" },
      expect.objectContaining({
        ...{ type: "member_answered", round: 1, member: 0, sample: 1, model: "sim/a" },
        ...{ served_model: "sim/a-served", finish_reason: "stop", latency_ms: 12 },
      }),
      { type: "member_delta", round: 1, member: 1, sample: 1, model: "sim/b", text: "4" },
      { type: "member_delta", round: 1, member: 1, sample: 1, model: "sim/b", text: "2" },
      expect.objectContaining({ type: "member_answered", member: 1 }),
      expect.objectContaining({
        ...{ type: "member_failed", round: 1, member: 2, sample: 1, model: "sim/c" },
        error: { code: "upstream_error", message: "Broken.", retryable: true },
      }),
      { type: "round_ended", round: 1, stop: "complete" },
    ]);
    const events = chunks.filter((chunk) => chunk.consensus_event !== undefined);
    expect(events.every(({ choices, object }) => choices.length === 0 && object.endsWith("chunk"))).toBe(
      true,
    );
    expect(text).toBe("42");
    expect(chunks.at(-1)).toMatchObject({ choices: [], consensus: { run_id: expect.any(String) } });
    expect(done).toBe(true);
    expect(house.ledger.paid).toBe(3);
  });

  it("is not what a stream is by itself", async () => {
    await using house = await startGateway();
    const response = await house.post("/v1/chat/completions", ask({ stream: true }));
    const { chunks } = await readStream(response);
    expect(chunks.flatMap((chunk) => chunk.consensus_event ?? [])).toEqual([]);
    expect(house.ledger.rounds[0]?.streamText).toBe(false);
    expect(house.ledger.paid).toBe(3);
  });

  it("ends with an error chunk when the run fails after it has begun", async () => {
    await using house = await startGateway({
      script: { member: (model) => (model === "sim/a" ? says("42") : { failure }) },
    });
    const { chunks, done } = await readStream(await stream(house));
    expect(chunks.at(-1)).toMatchObject({ error: { code: 503 }, choices: [{ finish_reason: "error" }] });
    expect(done).toBe(true);
    expect(house.ledger.paid).toBe(3);
  });

  it("F25: cancels every call when its reader leaves", async () => {
    await using house = await startGateway({ script: { member: () => hangs } });
    const left = new AbortController();
    const response = stream(house, { signal: left.signal });
    await eventually(() => house.ledger.paid === 3);
    left.abort();
    await expect(response.then((answer) => answer.text())).rejects.toThrow();
    await eventually(() => house.ledger.aborted === 3);
    expect(house.ledger.paid).toBe(3);
  });

  it.each([
    ["without a stream", { consensus: { stream: "members" } }],
    ["with another word", { stream: true, consensus: { stream: "everyone" } }],
  ])("is refused %s, by name", async (_, fields) => {
    await using house = await startGateway();
    const response = await house.post("/v1/chat/completions", ask(fields));
    expect(response.status).toBe(400);
    expect(await bodyOf(response)).toMatchObject({ error: { param: "consensus.stream" } });
    expect(house.ledger.paid).toBe(0);
  });
});

describe("the same over RPC", () => {
  it("has member_delta beside the run's events, and the whole answer at the end", async () => {
    await using house = await startGateway({ script: { member: () => says("4", "2") } });
    const cases: string[] = [];
    let written = "";
    const chat = {
      model: "synod/default",
      messages: [{ role: 2, parts: [{ content: { case: "text" as const, value: "6 x 7?" } }] }],
      consensusJson: '{"stream":"members"}',
    };
    for await (const { event } of house.chat.streamChat({ chat })) {
      cases.push(event.case ?? "none");
      if (event.case === "memberDelta" && event.value.voter?.member === 1) written += event.value.text;
    }
    expect(cases.filter((name) => name === "memberDelta")).toHaveLength(6);
    expect(written).toBe("42");
    expect(cases.at(-1)).toBe("finished");
    await expect(house.chat.chat(chat)).rejects.toThrow("consensus.stream");
    expect(house.ledger.paid).toBe(3);
  });
});
