import { create } from "@bufbuild/protobuf";
import {
  createContextKey,
  createContextValues,
  decodeBinaryHeader,
  encodeBinaryHeader,
} from "@connectrpc/connect";
import { CompleteResponseSchema, ListProvidersResponseSchema } from "@synod/contracts/provider";
import { describe, expect, it } from "vitest";
import { callContext } from "../context/call-context.js";
import { answer, piece, pieceTexts, question, textOf } from "../testing/questions.js";
import { ways } from "../testing/houses.js";

describe.each(ways)("$name: messages and headers", ({ name, open }) => {
  it("carries a unary call", async () => {
    await using house = await open({ complete: (request) => answer(textOf(request)) });
    const response = await house.client.complete(question("hello"));
    expect(response.completion?.servedModel).toBe("hello");
    expect(response.$typeName).toBe(CompleteResponseSchema.typeName);
  });

  it("carries a stream", async () => {
    await using house = await open({
      async *streamCompletion() {
        for (const text of ["a", "b", "c"]) yield piece(text);
      },
    });
    expect(await pieceTexts(house.client.streamCompletion(question("x")))).toEqual(["a", "b", "c"]);
  });

  it("carries a stream of no messages", async () => {
    await using house = await open({ async *streamCompletion() {} });
    expect(await pieceTexts(house.client.streamCompletion(question("x")))).toEqual([]);
  });

  it("carries empty messages", async () => {
    await using house = await open({ listProviders: () => ({}) });
    const response = await house.client.listProviders({});
    expect(response).toEqual(create(ListProvidersResponseSchema));
  });

  it("carries messages of 1 MiB both ways", async () => {
    const text = "x".repeat(1_048_576);
    await using house = await open({
      complete: (request) => answer(textOf(request)),
      async *streamCompletion(request) {
        yield piece(textOf(request));
        yield piece(textOf(request));
      },
    });
    const response = await house.client.complete(question(text));
    expect(response.completion?.servedModel).toHaveLength(text.length);
    const texts = await pieceTexts(house.client.streamCompletion(question(text)));
    expect(texts.map((part) => part.length)).toEqual([text.length, text.length]);
  });

  it("carries 64-bit numbers and every character", async () => {
    const text = "\u0000 ü \u{1F4A1} \u202e end";
    await using house = await open({
      complete: () => ({ completion: { servedModel: text, latencyMs: 9_007_199_254_740_993n } }),
    });
    const { completion } = await house.client.complete(question("x"));
    expect(completion?.servedModel).toBe(text);
    expect(completion?.latencyMs).toBe(9_007_199_254_740_993n);
  });

  it("carries 64 calls at once", async () => {
    await using house = await open({ complete: (request) => answer(textOf(request)) });
    const calls = Array.from({ length: 64 }, (_, n) => house.client.complete(question(String(n))));
    const answers = await Promise.all(calls);
    expect(answers.map(({ completion }) => completion?.servedModel)).toEqual(
      answers.map((_, n) => String(n)),
    );
  });

  it("carries headers and -bin headers to the handler, and headers and trailers back", async () => {
    const bytes = new Uint8Array([0, 1, 254, 255]);
    const binary = encodeBinaryHeader(bytes);
    let seen: unknown[] = [];
    await using house = await open({
      complete(_, context) {
        const header = context.requestHeader;
        seen = [header.get("x-plain"), decodeBinaryHeader(header.get("x-raw-bin") ?? "")];
        context.responseHeader.set("x-head", "1");
        context.responseHeader.set("x-head-bin", binary);
        context.responseTrailer.set("x-tail", "2");
        return answer("x");
      },
    });
    let head: Headers | undefined;
    let tail: Headers | undefined;
    await house.client.complete(question("x"), {
      headers: { "x-plain": "yes", "x-raw-bin": binary },
      onHeader: (headers) => void (head = headers),
      onTrailer: (headers) => void (tail = headers),
    });
    expect(seen).toEqual(["yes", bytes]);
    expect([head?.get("x-head"), tail?.get("x-tail")]).toEqual(["1", "2"]);
    expect(decodeBinaryHeader(head?.get("x-head-bin") ?? "")).toEqual(bytes);
  });

  it("hands over a stream's headers with its first message, and its trailers after the last", async () => {
    await using house = await open({
      async *streamCompletion(_, context) {
        context.responseHeader.set("x-head", "1");
        yield piece("a");
        context.responseTrailer.set("x-tail", "2");
      },
    });
    const seen: string[] = [];
    const stream = house.client.streamCompletion(question("x"), {
      onHeader: (headers) => void seen.push(`head ${headers.get("x-head")}`),
      onTrailer: (headers) => void seen.push(`tail ${headers.get("x-tail")}`),
    });
    for await (const message of stream) seen.push(message.event.case ?? "");
    expect(seen).toEqual(["head 1", "delta", "tail 2"]);
  });

  it("trap 6: context travels as headers, context values do not", async () => {
    const key = createContextKey("nothing");
    let seen = "";
    let caller: string | undefined = "";
    await using house = await open({
      complete(_, context) {
        seen = context.values.get(key);
        caller = callContext(context).caller;
        return answer("x");
      },
    });
    await house.client.complete(question("x"), {
      contextValues: createContextValues().set(key, "crossed"),
      headers: { "x-synod-caller": "ann" },
    });
    expect([seen, caller]).toEqual(["nothing", "ann"]);
  });

  it(`must know 5: ${name === "local" ? "shares the instance" : "hands over a copy"}`, async () => {
    const original = create(CompleteResponseSchema, answer("before"));
    await using house = await open({ complete: () => original });
    const response = await house.client.complete(question("x"));
    expect(response === original).toBe(name === "local");
  });
});
