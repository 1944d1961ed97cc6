import { FinishReason } from "@synod/contracts/model";
import { describe, expect, it } from "vitest";
import { failureOfCall, providerAt, question, startGateway } from "../testing/gateway.js";
import { answering, type Script, startUpstream, streaming } from "../testing/scripted-upstream.js";
import {
  bytesOf,
  groqChunk,
  groqStream,
  openrouterChunk,
  openrouterStream,
  openrouterUsage,
  streamText,
  type Transcript,
} from "../testing/transcripts.js";

const model = "openai/gpt-4o-mini";

async function completeWith(script: Script, kind: "openrouter" | "groq" | "openai" = "openrouter") {
  await using upstream = await startUpstream(script);
  await using gateway = startGateway([providerAt(upstream.url, kind)]);
  const id = { openrouter: model, groq: "groq/llama-3.3-70b-versatile", openai: "local/llama3.2:3b" }[kind];
  const { completion } = await gateway.client.complete({ completion: question(id) });
  expect(upstream.calls.length).toBe(1);
  if (completion === undefined) throw new Error("no completion");
  return { completion, call: upstream.calls[0] };
}

async function failWith(script: Script, kind: "openrouter" | "groq" | "openai" = "openrouter") {
  await using upstream = await startUpstream(script);
  await using gateway = startGateway([providerAt(upstream.url, kind)]);
  const id = { openrouter: model, groq: "groq/llama-3.3-70b-versatile", openai: "local/llama3.2:3b" }[kind];
  const failure = await failureOfCall(gateway.client.complete({ completion: question(id) }));
  expect(upstream.calls.length).toBe(1);
  return failure;
}

const stream = (...transcript: Transcript): Script => streaming(bytesOf(transcript));

describe("a whole answer", () => {
  it("of OpenRouter: the call and everything it says", async () => {
    const { completion, call } = await completeWith(streaming(bytesOf(openrouterStream)));
    expect(call).toMatchObject({
      method: "POST",
      path: "/v1/chat/completions",
      headers: { authorization: "Bearer key-of-openrouter", "content-type": "application/json" },
      body: { model, stream: true, messages: [{ role: "user", content: "What is 6 x 7?" }] },
    });
    expect(completion).toMatchObject({
      message: { parts: [{ content: { case: "text", value: streamText } }], refusal: "", toolCalls: [] },
      finishReason: FinishReason.STOP,
      rawFinishReason: "stop",
      model: "openrouter/openai/gpt-4o-mini",
      servedModel: "openai/gpt-4o-mini",
      completionId: "gen-1731000000-AbCd",
      attempts: 1,
      usage: {
        inputTokens: 10n,
        outputTokens: 3n,
        cachedInputTokens: 4n,
        reasoningTokens: 1n,
        costUsdNanos: 2_100n,
        estimated: false,
      },
    });
    expect(completion.firstTokenMs).toBeLessThanOrEqual(completion.latencyMs);
  });

  it("of Groq: priced by the table", async () => {
    const { completion } = await completeWith(streaming(bytesOf(groqStream)), "groq");
    expect(completion).toMatchObject({
      model: "groq/llama-3.3-70b-versatile",
      systemFingerprint: "fp_f8b414701e",
      usage: { inputTokens: 218n, outputTokens: 15n, costUsdNanos: 140_470n, estimated: false },
    });
  });

  it("of a server without usage: estimated, and of unknown cost (F24)", async () => {
    const chunk = { choices: [{ delta: { content: "12345678" }, finish_reason: "stop" }] };
    const { completion } = await completeWith(stream(`data: ${JSON.stringify(chunk)}`), "openai");
    expect(completion.usage).toMatchObject({ outputTokens: 2n, estimated: true });
    expect(completion.usage?.costUsdNanos).toBeUndefined();
  });

  it("of a simulated provider costs nothing", async () => {
    await using upstream = await startUpstream(streaming(bytesOf(openrouterStream)));
    const sim = { id: "sim", keys: [], keyRequired: false, simulated: true };
    await using gateway = startGateway([providerAt(upstream.url, "openrouter", sim)]);
    const { completion } = await gateway.client.complete({ completion: question("sim/ada-large") });
    expect(completion?.usage?.costUsdNanos).toBe(0n);
    expect(completion?.model).toBe("sim/ada-large");
    expect(upstream.calls).toMatchObject([{ body: { model: "ada-large" } }]);
    expect(upstream.calls[0]?.headers.authorization).toBeUndefined();
  });

  it("that came as JSON although a stream was asked for (F21)", async () => {
    const toolCalls = [{ id: "a1", type: "function", function: { name: "f", arguments: '{"x":1}' } }];
    const body = {
      id: "gen-1",
      model,
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "42", tool_calls: toolCalls },
          finish_reason: "stop",
        },
      ],
      usage: openrouterUsage,
    };
    for (const type of ["application/json", "text/plain", "text/event-stream"]) {
      const { completion } = await completeWith(
        answering(200, `\n \n${JSON.stringify(body)}`, { "content-type": type }),
      );
      expect(completion).toMatchObject({
        message: {
          parts: [{ content: { value: "42" } }],
          toolCalls: [{ id: "a1", name: "f", argumentsJson: '{"x":1}' }],
        },
        finishReason: FinishReason.TOOL_CALLS,
        rawFinishReason: "stop",
        usage: { costUsdNanos: 2_100n },
      });
    }
  });

  it("that came as a stream of another type (F21)", async () => {
    const { completion } = await completeWith((response) => {
      response.writeHead(200, { "content-type": "text/plain" }).end(bytesOf(openrouterStream));
    });
    expect(completion.rawFinishReason).toBe("stop");
  });

  it("with reasoning, a refusal, a usage that repeats a choice", async () => {
    const { completion } = await completeWith(
      stream(
        openrouterChunk({ role: "assistant", content: "", reasoning: "let me " }),
        openrouterChunk({ reasoning_content: "think" }),
        openrouterChunk({ refusal: "I will " }),
        openrouterChunk({ refusal: "not." }, "stop"),
        openrouterChunk({ content: "" }, null, { usage: openrouterUsage }),
        "data: [DONE]",
      ),
    );
    expect(completion).toMatchObject({
      reasoning: "let me think",
      message: { parts: [], refusal: "I will not." },
      usage: { outputTokens: 3n, estimated: false },
    });
  });

  it("without [DONE], or with a connection that breaks after the finish reason (F9)", async () => {
    const { completion } = await completeWith(streaming(bytesOf(openrouterStream.slice(0, -1))));
    expect(completion.usage?.costUsdNanos).toBe(2_100n);
    const broken = await completeWith((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(bytesOf(openrouterStream.slice(0, -1)), () => response.socket?.resetAndDestroy());
    });
    expect(broken.completion.finishReason).toBe(FinishReason.STOP);
  });

  it("that the provider's filter took away is no failure (F19)", async () => {
    const { completion } = await completeWith(stream(openrouterChunk({ content: "" }, "content_filter")));
    expect(completion).toMatchObject({ finishReason: FinishReason.CONTENT_FILTER, message: { parts: [] } });
  });

  it("that was cut by its length says so (F19)", async () => {
    const { completion } = await completeWith(stream(openrouterChunk({ content: "and then" }, "length")));
    expect(completion.finishReason).toBe(FinishReason.LENGTH);
  });

  it("reads only the first choice, and keeps an unknown finish reason", async () => {
    const chunk = {
      choices: [
        { index: 1, delta: { content: "no" } },
        { index: 0, delta: { content: "yes" }, finish_reason: "eos_token" },
        { index: 0, delta: { content: "twice" } },
      ],
    };
    const { completion } = await completeWith(stream(`data: ${JSON.stringify(chunk)}`));
    expect(completion.message?.parts).toMatchObject([{ content: { value: "yes" } }]);
    expect(completion.finishReason).toBe(FinishReason.UNSPECIFIED);
    expect(completion.rawFinishReason).toBe("eos_token");
  });

  it("replaces lone surrogates, and joins those that were cut in two (F14)", async () => {
    const { completion } = await completeWith(
      stream(
        'data: {"choices":[{"delta":{"content":"a\\ud83d"}}]}',
        'data: {"choices":[{"delta":{"content":"\\udc4bb\\ud83d"},"finish_reason":"stop"}]}',
      ),
    );
    expect(completion.message?.parts).toMatchObject([{ content: { value: "a👋b\ufffd" } }]);
  });
});

describe("an answer that fails", () => {
  it("ends without a finish reason (F9)", async () => {
    const cut = await failWith(streaming(bytesOf(openrouterStream.slice(0, 4))));
    expect(cut).toMatchObject({ reason: "invalid_upstream_response", retryable: false });
    const empty = await failWith(stream(openrouterChunk({ content: "42" }, ""), "data: [DONE]"));
    expect(empty.reason).toBe("invalid_upstream_response");
  });

  it("breaks off (F8)", async () => {
    const failure = await failWith((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(bytesOf(openrouterStream.slice(0, 4)), () => response.socket?.resetAndDestroy());
    });
    expect(failure.reason).toBe("upstream_error");
  });

  it.each([
    ["a code as a number", { error: { code: 429, message: "Slow down" } }, "rate_limit_exceeded"],
    ["a code as text", { error: { code: "server_error", message: "Broke" } }, "upstream_error"],
    ["no choices", { choices: [], error: { code: 502, message: "Broke" } }, "upstream_error"],
    [
      "a type",
      { error: { message: "x", metadata: { error_type: "provider_overloaded" } } },
      "upstream_error",
    ],
    ["text", { error: "it broke" }, "upstream_error"],
    ["an error of the choice", { choices: [{ error: { code: 504, message: "late" } }] }, "upstream_timeout"],
    ["a finish reason of error", { choices: [{ delta: {}, finish_reason: "error" }] }, "upstream_error"],
  ])("says so in its stream: %s (F7)", async (_, chunk, reason) => {
    const before = await failWith(stream(`data: ${JSON.stringify(chunk)}`));
    expect(before.reason).toBe(reason);
    const after = await failWith(
      stream(openrouterChunk({ content: "4" }), `data: ${JSON.stringify(chunk)}`, "data: [DONE]"),
    );
    expect(after.reason).toBe(reason);
  });

  it("is stopped by Groq in its own field (F7)", async () => {
    const failure = await failWith(
      stream(
        groqChunk({ content: "4" }),
        groqChunk({}, null, { x_groq: { id: "req_1", error: "over capacity" } }),
      ),
      "groq",
    );
    expect(failure).toMatchObject({
      reason: "upstream_error",
      message: expect.stringContaining("over capacity"),
    });
  });

  it("is an error in spite of its 200 (F6)", async () => {
    const failure = await failWith(answering(200, { error: { code: 402, message: "Insufficient credits" } }));
    expect(failure).toMatchObject({ reason: "provider_credit", retryable: false });
  });

  it.each([
    ["HTML", "<html><body>secret page</body></html>"],
    ["broken JSON", '{"choices": ['],
    ["nothing", ""],
    ["text", "upstream connect error"],
    ["JSON that is no completion", "[1,2]"],
    ["a broken chunk", 'data: {"choices": [\n\n'],
  ])("is %s (F13)", async (_, text) => {
    const failure = await failWith(answering(200, text));
    expect(failure.reason).toBe("invalid_upstream_response");
    expect(failure.message).not.toContain("secret");
  });

  it.each([
    ["nothing", { content: null }],
    ["blanks", { content: " \n\t " }],
    ["an empty text", { content: "" }],
    ["reasoning alone", { reasoning: "hm" }],
  ])("has %s in it (F18)", async (_, delta) => {
    const failure = await failWith(stream(openrouterChunk(delta, "stop"), "data: [DONE]"));
    expect(failure).toMatchObject({ reason: "empty_answer", retryable: false });
  });

  it("has a line without an end (F16)", async () => {
    const failure = await failWith((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).write("data: ");
      const more = (): void => {
        while (!response.destroyed) {
          if (!response.write("x".repeat(65_536))) {
            response.once("drain", more);
            return;
          }
        }
      };
      more();
    });
    expect(failure.reason).toBe("invalid_upstream_response");
  });
});
