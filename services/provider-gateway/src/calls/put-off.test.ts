import { describe, expect, it } from "vitest";
import { providerAt, question, startGateway } from "../testing/gateway.js";
import { answering, type Script, startUpstream, streaming } from "../testing/scripted-upstream.js";
import { bytesOf, openrouterStream } from "../testing/transcripts.js";

const well = streaming(bytesOf(openrouterStream));
const platformLimit = answering(
  429,
  { error: { code: 429, message: "Rate limit exceeded" } },
  { "x-ratelimit-limit": "20", "retry-after": "0.2" },
);

/** Asks `acme/one`, then `acme/two`, of one provider; what each answers by turns is scripted. */
async function askBoth(scripts: Readonly<Record<string, readonly Script[]>>, more = {}) {
  const turns: Record<string, number> = {};
  await using upstream = await startUpstream((response, call) => {
    const model = String(call.body["model"]);
    const turn = (turns[model] = (turns[model] ?? 0) + 1);
    scripts[model]?.[turn - 1]?.(response, call);
  });
  await using gateway = startGateway([providerAt(upstream.url, "openrouter", { maxAttempts: 3 })]);
  const completion = question("acme/one", { fallbacks: ["acme/two"], ...more });
  const answer = await gateway.client.complete({ completion });
  return { model: answer.completion?.model, asked: upstream.calls.map(({ body }) => body["model"]) };
}

describe("a model whose limit is used up", () => {
  it("is gone round when somebody else can answer now", async () => {
    const limited = answering(429, { error: { code: 429, message: "busy" } }, { "retry-after": "30" });
    expect(await askBoth({ "acme/one": [limited], "acme/two": [well] })).toEqual({
      model: "openrouter/acme/two",
      asked: ["acme/one", "acme/two"],
    });
  });

  it("is waited for when nobody else can", async () => {
    const broken = answering(400, { error: { code: 400, message: "acme/two is not a valid model ID" } });
    const limited = answering(429, { error: { code: 429, message: "busy" } }, { "retry-after": "0.2" });
    expect(await askBoth({ "acme/one": [limited, well], "acme/two": [broken] })).toEqual({
      model: "openrouter/acme/one",
      asked: ["acme/one", "acme/two", "acme/one"],
    });
  });

  it("is waited for when the limit is that of the key, which everybody else has too", async () => {
    expect(await askBoth({ "acme/one": [platformLimit, well], "acme/two": [well] })).toEqual({
      model: "openrouter/acme/one",
      asked: ["acme/one", "acme/one"],
    });
  });

  it("is waited for here when the caller asks the fallbacks itself, and none of them may be asked", async () => {
    const scripts = { "acme/one": [platformLimit, well], "acme/two": [well] };
    expect(await askBoth(scripts, { callerAsksFallbacks: true })).toEqual({
      model: "openrouter/acme/one",
      asked: ["acme/one", "acme/one"],
    });
  });
});
