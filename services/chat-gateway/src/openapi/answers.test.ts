import { create } from "@bufbuild/protobuf";
import type { Failure } from "@synod/consensus";
import { FinishReason, MessageSchema, Role } from "@synod/contracts/model";
import { AccountCreditSchema, KeyLimitSchema } from "@synod/contracts/provider";
import { createMemoryStores } from "@synod/run-store";
import { describe, expect, it } from "vitest";
import { ask, defaultPreset, startGateway, type TestGateway } from "../testing/gateway.js";
import { createConformance } from "../testing/open-api.js";
import { readStream } from "../testing/read-stream.js";
import { says, type Script } from "../testing/script.js";

const problemsOf = createConformance();
const path = "/v1/chat/completions";
const broken: Failure = { reason: "upstream_error", message: "Broken.", retryable: true, paidPartial: true };

/** Reads JSON, and expects that it is of this status and schema. */
async function expectJson(answered: Promise<Response>, status: number, schema: string): Promise<unknown> {
  const response = await answered;
  const text = await response.text();
  expect(response.status, text).toBe(status);
  expect(response.headers.get("content-type")).toBe("application/json");
  const json: unknown = JSON.parse(text);
  expect(problemsOf(schema, json), text).toEqual([]);
  return json;
}

async function expectChunks(answered: Promise<Response>, schema: string): Promise<void> {
  const { chunks, done } = await readStream(await answered);
  expect(done).toBe(true);
  expect(chunks.length).toBeGreaterThan(2);
  for (const chunk of chunks) expect(problemsOf(schema, chunk), JSON.stringify(chunk)).toEqual([]);
}

const judged = { mode: "annotate", models: ["sim/judge"] } as const;
const synthesis = { strategy: "synthesis", model: "sim/synthesiser" } as const;

describe("the answers of a panel", () => {
  const cases: readonly (readonly [string, Script, object])[] = [
    ["a vote", { member: (model) => says(model === "sim/c" ? "41" : "42") }, {}],
    [
      "a synthesis that is judged",
      { judge: () => ({ verdict: "wrong" }) },
      { aggregation: synthesis, judge: judged },
    ],
    [
      "a member that fails",
      { member: (model) => (model === "sim/c" ? { failure: broken } : says("42")) },
      {},
    ],
    ["a member that abstains", { member: (model) => says(model === "sim/c" ? " " : "42") }, {}],
    ["two rounds", {}, { rounds: { max: 2, stop_when: "never" } }],
  ];
  it.each(cases)("are as described: %s", async (_name, script, consensus) => {
    await using house = await startGateway({ script });
    const asked = ask({ consensus });
    expect(problemsOf("ChatCompletionRequest", asked)).toEqual([]);
    await expectJson(house.post(path, asked), 200, "ChatCompletion");
    await expectChunks(house.post(path, ask({ consensus, stream: true })), "ChatCompletionChunk");
    const reference = { user_message: "What is 6 x 7?", system_message: null };
    expect(problemsOf("ReferenceRequest", reference)).toEqual([]);
    await expectJson(house.post("/api/routes/chat", reference), 200, "ReferenceAnswer");
  });

  it("are as described where they show what its members write", async () => {
    const script: Script = { member: (model) => (model === "sim/c" ? { failure: broken } : says("4", "2")) };
    await using house = await startGateway({ script });
    const asked = ask({ stream: true, consensus: { stream: "members" } });
    expect(problemsOf("ChatCompletionRequest", asked)).toEqual([]);
    await expectChunks(house.post(path, asked), "ChatCompletionChunk");
  });

  it("are as described when it fails, refuses, or breaks off", async () => {
    await using failing = await startGateway({ script: { member: () => ({ failure: broken }) } });
    await expectJson(failing.post(path, ask()), 502, "ErrorAnswer");
    const refused: Failure = { reason: "refused", message: "I will not.", retryable: false };
    await using refusing = await startGateway({ script: { member: () => ({ failure: refused }) } });
    await expectJson(refusing.post(path, ask()), 200, "ChatCompletion");
    await using breaking = await startGateway({
      script: { aggregate: () => ({ pieces: ["It", " is"], error: new Error("broken") }) },
    });
    const asked = ask({ stream: true, consensus: { aggregation: synthesis } });
    await expectChunks(breaking.post(path, asked), "ChatCompletionChunk");
  });
});

describe("the answers of one model", () => {
  const message = create(MessageSchema, {
    role: Role.ASSISTANT,
    parts: [{ content: { case: "text", value: "42" } }],
    toolCalls: [{ id: "c1", name: "f", argumentsJson: "{}" }],
    extraJson: '{"images":[1.0]}',
  });
  const script: Script = {
    model: () => ({
      ...says("4", "2"),
      finishReason: FinishReason.TOOL_CALLS,
      deltas: [{ reasoning: "6 x 7" }, { toolCallsJson: '[{"index":0}]' }, { extraJson: '{"images":[1.0]}' }],
      whole: { message, reasoning: "6 x 7", rawFinishReason: "calls", extraJson: '{"provider":"Fast"}' },
    }),
  };

  it("are as described, whole and streamed", async () => {
    await using house = await startGateway({ script });
    const asked = ask({ model: "sim/a", top_k: 3, stop: ["\n"], max_tokens: 5 });
    expect(problemsOf("ChatCompletionRequest", asked)).toEqual([]);
    await expectJson(house.post(path, asked), 200, "ChatCompletion");
    await expectChunks(house.post(path, { ...asked, stream: true }), "ChatCompletionChunk");
  });

  it("are as described where it continues a text", async () => {
    await using house = await startGateway();
    const asked = { model: "openrouter/a/b", prompt: ["Once"], suffix: "." };
    expect(problemsOf("CompletionRequest", asked)).toEqual([]);
    await expectJson(house.post("/v1/completions", asked), 200, "Completion");
    await expectChunks(house.post("/v1/completions", { ...asked, stream: true }), "Completion");
  });
});

describe("what can be looked up", () => {
  it("is as described: models, endpoints and credit", async () => {
    const model = {
      id: "openrouter/a/b",
      providerId: "openrouter",
      displayName: "A B",
      contextTokens: 1_000n,
      price: { inputUsdNanosPerMillion: 1n, outputUsdNanosPerMillion: 2n },
      inputModalities: ["text"],
      supportedParameters: ["seed"],
    };
    const account = {
      case: "account",
      value: create(AccountCreditSchema, { totalUsageUsdNanos: 1n }),
    } as const;
    const key = { case: "key", value: create(KeyLimitSchema, {}) } as const;
    for (const balance of [account, key]) {
      await using house = await startGateway({ script: { models: () => [model], balance: () => balance } });
      await expectJson(house.get("/v1/models"), 200, "ModelList");
      await expectJson(house.get("/v1/models/openrouter/a/b"), 200, "Model");
      await expectJson(house.get("/v1/models/synod/default"), 200, "Model");
      await expectJson(house.get("/v1/models/openrouter/a/b/endpoints"), 200, "Endpoints");
      await expectJson(house.get("/v1/credits"), 200, "Credits");
    }
  });

  it("is as described: runs and their events", async () => {
    await using stores = createMemoryStores();
    const script: Script = { member: (model) => (model === "sim/c" ? { failure: broken } : says("42")) };
    await using house = await startGateway({
      stores,
      script,
      presets: { default: { ...defaultPreset, judge: judged } },
    });
    await house.post(path, ask());
    const list = (await expectJson(house.get("/v1/runs?limit=5"), 200, "RunList")) as {
      data: { id: string }[];
    };
    const id = list.data[0]?.id ?? "";
    await expectJson(house.get(`/v1/runs/${id}`), 200, "Run");
    await expectJson(house.post(`/v1/runs/${id}/cancel`, {}), 200, "Run");
    const events = (await (await house.get(`/v1/runs/${id}/events`)).text())
      .split("\n")
      .flatMap((line): unknown[] => (line.startsWith("data: ") ? [JSON.parse(line.slice(6))] : []));
    expect(events.length).toBeGreaterThan(5);
    for (const event of events) expect(problemsOf("RunEvent", event), JSON.stringify(event)).toEqual([]);
  });
});

describe("errors", () => {
  const wrong: readonly (readonly [string, (house: TestGateway) => Promise<Response>, number])[] = [
    ["a field", (house) => house.post(path, ask({ temperature: 3 })), 400],
    ["a deadline", (house) => house.post(path, ask(), { headers: { "x-synod-deadline-ms": "0" } }), 400],
    ["a model", (house) => house.post(path, ask({ model: "synod/nope" })), 404],
    ["a run", (house) => house.get("/v1/runs/nope"), 404],
    ["a path", (house) => house.get("/nope"), 404],
    ["a method", (house) => house.get(path), 405],
    ["a media type", (house) => house.post(path, "x", { headers: { "content-type": "text/plain" } }), 415],
    ["a length", (house) => house.post(path, `"${"x".repeat(4 * 1024 * 1024)}"`), 413],
  ];
  it.each(wrong)("are as described: %s", async (_name, send, status) => {
    await using house = await startGateway();
    await expectJson(send(house), status, "ErrorAnswer");
    expect(house.ledger.paid).toBe(0);
  });

  it("are as described where a key is needed", async () => {
    await using house = await startGateway({ apiKeys: ["one"] });
    for (const asked of ["/openapi.json", "/", "/v1/models", "/metrics"]) {
      await expectJson(house.get(asked), 401, "ErrorAnswer");
    }
  });

  it("are told apart from what is not described", () => {
    expect(
      problemsOf("ErrorAnswer", { error: { message: "x", type: "x", param: null, code: "x" } }),
    ).not.toEqual([]);
    expect(problemsOf("Consensus", {})).not.toEqual([]);
    expect(problemsOf("ChatCompletionRequest", ask({ temperature: 3 }))).not.toEqual([]);
  });
});
