import { Role } from "@synod/contracts/model";
import type { ProviderSettings } from "@synod/settings";
import { describe, expect, it } from "vitest";
import { sizeOf } from "../calls/call-size.js";
import type { ListedModel } from "../providers/codec.js";
import { openProvider } from "../providers/provider.js";
import type { Target } from "../providers/target.js";
import { asking, text } from "../testing/asking.js";
import { providerAt } from "../testing/gateway.js";
import { ModelFacts } from "./model-facts.js";

const listedPrice = { input: 3n, output: 4n };
const setPrice = { input: 1n, output: 2n };

/** Facts of a provider that lists `model` like this. Nobody listens there. */
async function factsOf(
  kind: ProviderSettings["kind"],
  model: string,
  listed: Partial<ListedModel>,
  set: ProviderSettings["models"][string] = {},
) {
  const provider = openProvider(providerAt("http://127.0.0.1:1", kind, { models: { [model]: set } }));
  await provider[Symbol.asyncDispose]();
  const entry: ListedModel = {
    id: model,
    displayName: model,
    created: 0,
    inputModalities: [],
    outputModalities: [],
    supportedParameters: [],
    ...listed,
  };
  const facts = new ModelFacts({ peek: (_, asked) => (asked === model ? entry : undefined) });
  const targetOf = (name: string): Target => ({ id: `${provider.id}/${name}`, provider, model: name });
  return { facts, target: targetOf(model), targetOf };
}

describe("a model's price", () => {
  it.each([
    ["the settings'", "groq", "llama-3.3-70b-versatile", setPrice, setPrice],
    [
      "our own table's",
      "groq",
      "llama-3.3-70b-versatile",
      undefined,
      { input: 590_000_000n, output: 790_000_000n },
    ],
    ["the list's", "openrouter", "acme/one", undefined, listedPrice],
  ] as const)("is %s first", async (_, kind, model, price, expected) => {
    const { facts, target } = await factsOf(kind, model, { price: listedPrice }, price && { price });
    expect(facts.priceOf(target)).toEqual(expected);
  });

  it("is unknown when nobody says", async () => {
    const { facts, targetOf } = await factsOf("openrouter", "acme/one", {});
    expect(facts.priceOf(targetOf("acme/one"))).toBeNull();
    expect(facts.priceOf(targetOf("acme/two"))).toBeNull();
    expect(facts.priceOf(targetOf("constructor"))).toBeNull();
  });
});

const sized = (changes: Parameters<typeof asking>[0]) => sizeOf(asking(changes));

describe("a request", () => {
  const of = (bytes: number) => sized({ messages: [{ role: Role.USER, parts: [text("x".repeat(bytes))] }] });

  it("may be twice as long as a model takes by our count, and no longer", async () => {
    const { facts, target } = await factsOf("openrouter", "acme/one", { contextTokens: 1_000 });
    facts.mustFit(target, of(8_000));
    expect(() => facts.mustFit(target, of(8_001))).toThrow(
      expect.objectContaining({
        error: {
          reason: "context_length_exceeded",
          message: expect.stringMatching(/about 2001 tokens.* takes 1000/),
          retryable: false,
          failOver: "larger_context",
          repeats: 0,
          blames: "nobody",
        },
      }),
    );
    expect(() => facts.mustFit(target, sized({ messages: [], prompt: "x".repeat(8_001) }))).toThrow(
      /2001 tokens/,
    );
  });

  it("must leave room for the most that it allows to be written", async () => {
    const { facts, target } = await factsOf("openrouter", "acme/one", { contextTokens: 1_000 });
    const asked = (bytes: number, maxOutputTokens: number) =>
      sized({
        messages: [{ role: Role.USER, parts: [text("x".repeat(bytes))] }],
        sampling: { maxOutputTokens },
      });
    facts.mustFit(target, asked(4_000, 500));
    facts.mustFit(target, asked(80, 990));
    for (const size of [asked(4_001, 500), asked(81, 990), asked(4, 1_000), asked(4, 50_000)]) {
      expect(() => facts.mustFit(target, size)).toThrow(/and may be answered with \d+.* takes 1000 in all/);
    }
  });

  it("is measured in bytes", async () => {
    const { facts, target } = await factsOf("openrouter", "acme/one", { contextTokens: 1 });
    const turn = (value: string) => sized({ messages: [{ role: Role.USER, parts: [text(value)] }] });
    facts.mustFit(target, turn("你你"));
    expect(() => facts.mustFit(target, turn("你你你"))).toThrow(/3 tokens/);
  });

  it("may hold any image: what it takes of the context is not known", async () => {
    const { facts, target } = await factsOf("openrouter", "acme/one", { contextTokens: 1_000 });
    const otherJson = JSON.stringify({ type: "image_url", image_url: { url: "x".repeat(100_000) } });
    const parts = [text("What is this?"), { content: { case: "otherJson" as const, value: otherJson } }];
    facts.mustFit(target, sized({ messages: [{ role: Role.USER, parts }] }));
  });

  it("is not measured where nobody says what a model takes", async () => {
    const { facts, targetOf } = await factsOf("openrouter", "acme/one", {});
    facts.mustFit(targetOf("acme/one"), of(10_000_000));
  });

  it("is measured by the settings where they say it", async () => {
    const { facts, target } = await factsOf(
      "openrouter",
      "acme/one",
      { contextTokens: 1_000 },
      { contextTokens: 10 },
    );
    expect(() => facts.mustFit(target, of(81))).toThrow(/takes 10/);
  });
});

it("a model is larger only when both are known", async () => {
  const { facts, target, targetOf } = await factsOf("openrouter", "acme/one", { contextTokens: 1_000 });
  const small = await factsOf("groq", "small", {}, { contextTokens: 10 });
  expect(facts.isLarger(target, small.target)).toBe(true);
  expect(facts.isLarger(small.target, target)).toBe(false);
  expect(facts.isLarger(target, target)).toBe(false);
  expect(facts.isLarger(target, targetOf("acme/two"))).toBe(false);
  expect(facts.isLarger(targetOf("acme/two"), target)).toBe(false);
});
