import { describe, expect, it } from "vitest";
import { asking } from "../testing/asking.js";
import { collect, failureOfCall, providerAt, question, startGateway } from "../testing/gateway.js";
import { answering, type Script, startUpstream, streaming } from "../testing/scripted-upstream.js";
import { bytesOf, groqStream, openrouterStream, streamText } from "../testing/transcripts.js";
import { toldHeaders } from "./openrouter-headers.js";
import { codecs } from "./registry.js";

const headers = {
  "http-referer": "https://app.example/",
  "x-title": "Mein Vögelchen",
  "x-openrouter-cache": "true",
  "x-openrouter-cache-ttl": "60",
};
const usual = { "content-type": "application/json", accept: "text/event-stream" };

describe("a caller's headers", () => {
  it("go to OpenRouter, and to nobody else", () => {
    expect(codecs.openrouter.encode(asking({ headers }), "x").headers).toEqual({ ...usual, ...headers });
    const text = { messages: [], prompt: "Once", headers };
    expect(codecs.openrouter.encode(asking(text), "x").headers).toMatchObject(headers);
    expect(codecs.groq.encode(asking({ headers }), "x").headers).toEqual(usual);
    expect(codecs.openai.encode(asking({ headers }), "x").headers).toEqual(usual);
  });

  it.each([
    "authorization",
    "host",
    "content-type",
    "x-evil",
    "X-Title",
    "x-openrouter-",
    "x-title\r\nx",
    "",
  ])("F44: are refused by the name %j", (name) => {
    const request = asking({ headers: { [name]: "x" } });
    expect(() => codecs.openrouter.encode(request, "x")).toThrow("headers: OpenRouter takes no such header");
  });

  it.each(["a\r\nx-evil: 1", "a\nb", "\u0000", "a\tb", "日本", "x".repeat(1_025)])(
    "F44: are refused with the value %j",
    (value) => {
      const request = asking({ headers: { "x-title": value } });
      expect(() => codecs.openrouter.encode(request, "x")).toThrow("headers: the value of x-title");
    },
  );

  it("reach the wire byte for byte, beside our own", async () => {
    await using upstream = await startUpstream(streaming(bytesOf(openrouterStream)));
    await using gateway = startGateway([providerAt(upstream.url, "openrouter")]);
    await gateway.client.complete({ completion: question("acme/one", { headers }) });
    expect(upstream.calls).toMatchObject([
      { headers: { ...headers, authorization: "Bearer key-of-openrouter", accept: "text/event-stream" } },
    ]);
  });

  it("F44: make no call when they are bad", async () => {
    await using upstream = await startUpstream(streaming(bytesOf(openrouterStream)));
    await using gateway = startGateway([providerAt(upstream.url, "openrouter")]);
    const completion = question("acme/one", { headers: { "x-title": "a\r\nx-evil: 1" } });
    expect(await failureOfCall(gateway.client.complete({ completion }))).toMatchObject({
      reason: "invalid_value",
      retryable: false,
    });
    expect(upstream.calls.length).toBe(0);
  });
});

const head = {
  "x-generation-id": "gen-7",
  "x-openrouter-cache-status": "HIT",
  "x-openrouter-cache-age": "12",
  "x-openrouter-cache-ttl": "300",
  "x-openrouter-cache-source-id": "gen-1",
};

const answeringWith =
  (transcript: readonly string[]): Script =>
  (response) =>
    response
      .writeHead(200, { ...head, "content-type": "text/event-stream", "x-secret": "1" })
      .end(bytesOf(transcript));

describe("what the head of an answer says", () => {
  it("is told with the whole answer, and before the first piece of a streamed one", async () => {
    await using upstream = await startUpstream(answeringWith(openrouterStream));
    await using gateway = startGateway([providerAt(upstream.url, "openrouter")]);
    const completion = question("acme/one");
    const whole = await gateway.client.complete({ completion });
    expect(whole.completion?.headers).toEqual(head);
    const events: unknown[] = [];
    for await (const { event } of gateway.client.streamCompletion({ completion })) {
      events.push(event.case);
      if (event.case === "begun") expect(event.value.headers).toEqual(head);
      if (event.case === "finished") expect(event.value.completion?.headers).toEqual(head);
    }
    expect(events).toEqual(["begun", "delta", "finished"]);
    expect(upstream.calls.length).toBe(2);
  });

  it("is nothing where nothing is said, or another provider says it", async () => {
    await using silent = await startUpstream(streaming(bytesOf(openrouterStream)));
    await using groq = await startUpstream(answeringWith(groqStream));
    await using gateway = startGateway([providerAt(silent.url, "openrouter"), providerAt(groq.url, "groq")]);
    for (const model of ["acme/one", "groq/x"]) {
      const cases: unknown[] = [];
      for await (const { event } of gateway.client.streamCompletion({ completion: question(model) })) {
        cases.push(event.case);
      }
      expect(cases).toEqual(["delta", "finished"]);
      const all = await collect(gateway.client.streamCompletion({ completion: question(model) }));
      expect([all.text, all.finished?.headers]).toEqual([streamText, {}]);
    }
    expect([silent.calls.length, groq.calls.length]).toEqual([2, 2]);
  });

  it("is that of the model that answers, not of one that failed before", async () => {
    await using upstream = await startUpstream((response, call) => {
      const good = call.body["model"] === "acme/two";
      const failing = answering(500, { error: { message: "no" } }, { "x-generation-id": "gen-failed" });
      (good ? answeringWith(openrouterStream) : failing)(response, call);
    });
    await using gateway = startGateway([providerAt(upstream.url, "openrouter")]);
    const completion = question("acme/one", { fallbacks: ["acme/two"] });
    const { completion: answer } = await gateway.client.complete({ completion });
    expect(answer?.headers["x-generation-id"]).toBe("gen-7");
    expect(upstream.calls.length).toBe(2);
  });

  it("is told only where it is a short text without control characters", () => {
    const of = (value: string) => toldHeaders((name) => (name === "x-generation-id" ? value : undefined));
    expect(of(" gen-1 ")).toEqual({ "x-generation-id": "gen-1" });
    for (const value of ["", "a\nb", "é", "x".repeat(257)]) expect(of(value)).toEqual({});
  });
});
