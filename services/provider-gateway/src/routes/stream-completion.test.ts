import { describe, expect, it } from "vitest";
import { collect, failureOfCall, providerAt, question, startGateway } from "../testing/gateway.js";
import { startUpstream, streaming, streamingOpen } from "../testing/scripted-upstream.js";
import {
  bytesOf,
  groqChunk,
  groqStream,
  groqUsage,
  openrouterChunk,
  openrouterStream,
  streamText,
} from "../testing/transcripts.js";
import { until } from "../testing/until.js";

const model = "openai/gpt-4o-mini";

describe("a streamed answer", () => {
  it("joins what has arrived together, and repeats all of it at the end", async () => {
    await using upstream = await startUpstream(streaming(bytesOf(openrouterStream)));
    await using gateway = startGateway([providerAt(upstream.url, "openrouter")]);
    const all = await collect(gateway.client.streamCompletion({ completion: question(model) }));
    expect(all.deltas).toBe(1);
    expect(all.finished?.message?.parts[0]?.content.value).toBe(all.text);
    expect(upstream.calls.length).toBe(1);
  });

  it("shows each piece when it comes, waiting for no more", async () => {
    let finish = (): void => {};
    await using upstream = await startUpstream((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(bytesOf([openrouterChunk({ content: "4" })]));
      finish = () => response.end(bytesOf([openrouterChunk({ content: "2" }, "stop")]));
    });
    await using gateway = startGateway([providerAt(upstream.url, "openrouter")]);
    const seen: string[] = [];
    for await (const { event } of gateway.client.streamCompletion({ completion: question(model) })) {
      if (event.case === "delta") seen.push(event.value.text);
      // The upstream goes on only after its first piece has been read.
      finish();
    }
    expect(seen).toEqual(["4", "2"]);
    expect(upstream.calls.length).toBe(1);
  });

  it("ends with what its provider said of it in single chunks", async () => {
    const debug = { echo_upstream_body: { model: "gpt-4o-mini", messages: [] } };
    await using openrouter = await startUpstream(
      streaming(bytesOf([`data: ${JSON.stringify({ choices: [], debug })}`, ...openrouterStream])),
    );
    await using groq = await startUpstream(streaming(bytesOf(groqStream)));
    await using gateway = startGateway([
      providerAt(openrouter.url, "openrouter"),
      providerAt(groq.url, "groq"),
    ]);
    const extraOf = async (id: string): Promise<unknown> => {
      const all = await collect(gateway.client.streamCompletion({ completion: question(id) }));
      expect(all.text).toBe(streamText);
      return JSON.parse(all.finished?.extraJson ?? "");
    };
    expect(await extraOf(model)).toEqual({ provider: "OpenAI", debug });
    const own = { id: "req_01kh", seed: 1790130236, usage: groqUsage };
    expect(await extraOf("groq/llama-3.3-70b-versatile")).toEqual({ x_groq: own });
    expect([openrouter.calls.length, groq.calls.length]).toEqual([1, 1]);
  });

  it("carries tool calls in parts, and whole at the end", async () => {
    const part = (call: object, finish: string | null = null) =>
      openrouterChunk({ tool_calls: [call] }, finish);
    const parts = [
      part({ index: 0, id: "call_1", type: "function", function: { name: "add", arguments: "" } }),
      part({ index: 0, function: { arguments: '{"a":' } }),
      part({ index: 1, id: "call_2", type: "function", function: { name: "sub", arguments: "{}" } }),
      part({ index: 0, function: { arguments: "1}" } }, "tool_calls"),
    ];
    await using upstream = await startUpstream(streaming(bytesOf(parts)));
    await using gateway = startGateway([providerAt(upstream.url, "openrouter")]);
    const all = await collect(gateway.client.streamCompletion({ completion: question(model) }));
    expect(JSON.parse(all.toolCallsJson.join(""))).toEqual([
      { index: 0, id: "call_1", type: "function", function: { name: "add", arguments: '{"a":' } },
      { index: 1, id: "call_2", type: "function", function: { name: "sub", arguments: "{}" } },
      { index: 0, function: { arguments: "1}" } },
    ]);
    expect(all.finished?.message?.toolCalls).toMatchObject([
      { id: "call_1", name: "add", argumentsJson: '{"a":1}' },
      { id: "call_2", name: "sub", argumentsJson: "{}" },
    ]);
    expect(upstream.calls.length).toBe(1);
  });

  it("carries Groq's tool call, which comes whole and without content", async () => {
    const call = { id: "ax9f", type: "function", index: 0, function: { name: "add", arguments: '{"a":1}' } };
    const chunks = [
      groqChunk({ role: "assistant", content: null, tool_calls: [call] }),
      groqChunk({}, "tool_calls"),
    ];
    await using upstream = await startUpstream(streaming(bytesOf(chunks)));
    await using gateway = startGateway([providerAt(upstream.url, "groq")]);
    const all = await collect(gateway.client.streamCompletion({ completion: question("groq/x") }));
    expect(all.finished?.message?.toolCalls).toMatchObject([{ id: "ax9f", argumentsJson: '{"a":1}' }]);
    expect(upstream.calls.length).toBe(1);
  });

  it("shows what came before it broke off, then fails", async () => {
    const chunks = [openrouterChunk({ content: "4" }), 'data: {"error":{"code":502,"message":"Broke"}}'];
    await using upstream = await startUpstream(streaming(bytesOf(chunks)));
    await using gateway = startGateway([providerAt(upstream.url, "openrouter")]);
    let seen = "";
    const read = async (): Promise<void> => {
      for await (const { event } of gateway.client.streamCompletion({ completion: question(model) })) {
        if (event.case === "delta") seen += event.value.text;
      }
    };
    expect(await failureOfCall(read())).toMatchObject({ reason: "upstream_error" });
    expect(seen).toBe("4");
    expect(upstream.calls.length).toBe(1);
  });
});

describe("a caller who leaves (F25)", () => {
  const halfAStream = streamingOpen(bytesOf([openrouterChunk({ content: "4" })]));

  it("in the middle of a stream: the upstream connection is destroyed", async () => {
    await using upstream = await startUpstream(halfAStream);
    await using gateway = startGateway([
      providerAt(upstream.url, "openrouter", { limits: { maxConcurrency: 1 } }),
    ]);
    for (let round = 1; round <= 2; round++) {
      // The second round also shows that the first gave its place back.
      for await (const _ of gateway.client.streamCompletion({ completion: question(model) })) break;
      await until(() => upstream.cut === round);
    }
    expect(upstream.calls.length).toBe(2);
  });

  it("by its signal, while nobody reads: the same", async () => {
    await using upstream = await startUpstream(halfAStream);
    await using gateway = startGateway([
      providerAt(upstream.url, "openrouter", { limits: { maxConcurrency: 1 } }),
    ]);
    for (let round = 1; round <= 2; round++) {
      const caller = new AbortController();
      const stream = gateway.client.streamCompletion(
        { completion: question(model) },
        { signal: caller.signal },
      );
      await stream[Symbol.asyncIterator]().next();
      caller.abort();
      await until(() => upstream.cut === round);
    }
    expect(upstream.calls.length).toBe(2);
    expect(await gateway.metrics.text()).toMatch(/synod_upstream_running\{[^}]*\} 0/);
  });

  it("while a whole answer is awaited: the same", async () => {
    await using upstream = await startUpstream(halfAStream);
    await using gateway = startGateway([providerAt(upstream.url, "openrouter")]);
    const caller = new AbortController();
    const call = gateway.client.complete({ completion: question(model) }, { signal: caller.signal });
    await until(() => upstream.calls.length === 1);
    caller.abort();
    expect(await failureOfCall(call)).toMatchObject({ reason: "canceled" });
    await until(() => upstream.cut === 1);
    expect(upstream.calls.length).toBe(1);
  });

  it("by its deadline: the same, and it is told so", async () => {
    await using upstream = await startUpstream(() => {});
    await using gateway = startGateway([providerAt(upstream.url, "openrouter")]);
    const call = gateway.client.complete({ completion: question(model) }, { timeoutMs: 1_000 });
    expect(await failureOfCall(call)).toMatchObject({ reason: "deadline_exceeded" });
    await until(() => upstream.cut === 1);
    expect(upstream.calls.length).toBe(1);
  });

  it("before the call: nothing is asked", async () => {
    await using upstream = await startUpstream(halfAStream);
    await using gateway = startGateway([providerAt(upstream.url, "openrouter")]);
    const call = gateway.client.complete({ completion: question(model) }, { signal: AbortSignal.abort() });
    expect(await failureOfCall(call)).toMatchObject({ reason: "canceled" });
    expect(upstream.calls.length).toBe(0);
  });
});
