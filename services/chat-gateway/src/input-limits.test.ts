import { create, type MessageInitShape } from "@bufbuild/protobuf";
import type { ChatRequestSchema } from "@synod/contracts/chat";
import { ContentPartSchema, MessageSchema, ResponseFormatType, Role } from "@synod/contracts/model";
import { failureOf } from "@synod/rpc";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bodyOf } from "./testing/body.js";
import { ask, startGateway, type TestGateway } from "./testing/gateway.js";
import { says, textOf } from "./testing/script.js";

const path = "/v1/chat/completions";
const huge = 2 ** 60;
const tooMany = (count: number) => Array.from({ length: count }, () => ({ model: "sim/a" }));
const judges = (count: number) => Array.from({ length: count }, () => "sim/judge");

/** What a request may not ask of a panel, and the path of what is wrong. */
const overrides: readonly (readonly [string, unknown, string])[] = [
  ["17 members", { members: tooMany(17) }, "consensus.members"],
  ["no members", { members: [] }, "consensus.members"],
  ["11 samples", { members: [{ model: "sim/a", samples: 11 }] }, "consensus.members[0].samples"],
  ["-1 samples", { members: [{ model: "sim/a", samples: -1 }] }, "consensus.members[0].samples"],
  ["a weight of 0", { members: [{ model: "sim/a", weight: 0 }] }, "consensus.members[0].weight"],
  ["7 rounds", { rounds: { max: 7 } }, "consensus.rounds.max"],
  ["a million rounds", { rounds: { max: 1e6 } }, "consensus.rounds.max"],
  ["0 rounds", { rounds: { max: 0 } }, "consensus.rounds.max"],
  ["half a round", { rounds: { max: 1.5 } }, "consensus.rounds.max"],
  ["rounds as text", { rounds: { max: "2" } }, "consensus.rounds.max"],
  ["10 judges", { judge: { mode: "gate", models: judges(10) } }, "consensus.judge.models"],
  [
    "6 regenerations",
    { judge: { mode: "gate", models: judges(1), max_regenerations: 6 } },
    "consensus.judge.max_regenerations",
  ],
  ["a quorum beyond the panel", { quorum: 4 }, "consensus.quorum"],
  ["a huge quorum", { quorum: huge }, "consensus.quorum"],
  ["a longer deadline", { deadline_ms: 120_001 }, "consensus.deadline_ms"],
  ["a deadline of -1", { deadline_ms: -1 }, "consensus.deadline_ms"],
  ["a grace of -1", { grace_ms: -1 }, "consensus.grace_ms"],
  ["7 layers", { aggregation: { strategy: "layered", layers: 7 } }, "consensus.aggregation.layers"],
  ["a budget of 0", { budget: { max_cost_usd: 0 } }, "consensus.budget.max_cost_usd"],
  ["no tokens", { budget: { max_output_tokens: 0 } }, "consensus.budget.max_output_tokens"],
  ["a confidence of 2", { stop_confidence: 2 }, "consensus.stop_confidence"],
  ["a base URL", { base_url: "http://127.0.0.1:1" }, "consensus.base_url"],
  ["a provider", { providers: { x: { base_url: "http://127.0.0.1:1" } } }, "consensus.providers"],
  ["a price", { members: [{ model: "sim/a", price: 0 }] }, "consensus.members[0].price"],
  ["a path as a model", { members: [{ model: "sim/../a" }] }, "consensus.members[0].model"],
  ["a URL as a model", { members: [{ model: "http://127.0.0.1/" }] }, "consensus.members[0].model"],
  ["other limits", { limits: { members: 99 } }, "consensus.limits"],
];

/** Fields that no answer follows from, written as JSON cannot be parsed into: the body is text. */
const written: readonly (readonly [string, string, string])[] = [
  ["temperature 1e999", '"temperature":1e999', "temperature"],
  ["rounds 1e999", '"consensus":{"rounds":{"max":1e999}}', "consensus.rounds.max"],
  [
    "a weight of -1e999",
    '"consensus":{"members":[{"model":"sim/a","weight":-1e999}]}',
    "consensus.members[0].weight",
  ],
  ["max_tokens of 30 digits", `"max_tokens":${"9".repeat(30)}`, "max_tokens"],
  ["a seed of 30 digits", `"seed":-${"9".repeat(30)}`, "seed"],
  ["n of 1e9", '"n":1e9', "n"],
  ["n of 1e999", '"n":1e999', "n"],
  ["n of -0.5", '"n":-0.5', "n"],
];

/** Names that cannot stand in a log. */
const names: readonly (readonly [string, object, string])[] = [
  ["a model", { model: "sim/a\u202e" }, "model"],
  ["a speaker", { messages: [{ role: "user", content: "x", name: "a\r\nb" }] }, "messages[0].name"],
  [
    "a call that is answered",
    { messages: [{ role: "tool", content: "x", tool_call_id: "\u001b[31m" }] },
    "messages[0].tool_call_id",
  ],
  [
    "a call",
    {
      messages: [
        {
          role: "assistant",
          tool_calls: [{ id: "\u0000", type: "function", function: { name: "f", arguments: "" } }],
        },
      ],
    },
    "messages[0].tool_calls[0].id",
  ],
];

const user = create(MessageSchema, { role: Role.USER, parts: [{ content: { case: "text", value: "?" } }] });
type Chat = MessageInitShape<typeof ChatRequestSchema> & { readonly $typeName?: never };
const deep = `{"a":${"[".repeat(100_000)}`;
const wide = `{${'"a":1,'.repeat(60_000)}"a":1}`;
const part = (json: string) => create(ContentPartSchema, { content: { case: "otherJson", value: json } });

/** What the contract's own types allow over RPC, and the field that is wrong. */
const calls: readonly (readonly [string, Chat, string])[] = [
  ["a model with a line break", { model: "sim/a\n" }, "model"],
  ["no model", { model: "" }, "model"],
  ["no messages", { messages: [] }, "messages"],
  ["temperature NaN", { sampling: { temperature: NaN } }, "temperature"],
  ["temperature infinite", { sampling: { temperature: Infinity } }, "temperature"],
  ["temperature -1", { sampling: { temperature: -1 } }, "temperature"],
  ["0 tokens", { sampling: { maxOutputTokens: 0 } }, "max_output_tokens"],
  ["a seed of 2^60", { sampling: { seed: BigInt(huge) } }, "seed"],
  ["five stops", { sampling: { stop: ["a", "b", "c", "d", "e"] } }, "stop"],
  ["consensus_json that is none", { consensusJson: "{" }, "consensus_json"],
  ["consensus_json too deep", { consensusJson: deep }, "consensus_json"],
  ["consensus_json too wide", { consensusJson: wide }, "consensus_json"],
  ["tools_json too deep", { toolsJson: deep }, "tools_json"],
  ["tools_json that is a list", { toolsJson: "[]" }, "tools_json"],
  [
    "a schema that is none",
    {
      sampling: {
        responseFormat: { type: ResponseFormatType.JSON_SCHEMA, schemaName: "a", schemaJson: "[" },
      },
    },
    "schema_json",
  ],
  [
    "a part that is no JSON",
    { messages: [{ ...user, parts: [part("{")] }] },
    "messages[0].parts[0].other_json",
  ],
  [
    "a part that is too deep",
    { messages: [{ ...user, parts: [part(deep)] }] },
    "messages[0].parts[0].other_json",
  ],
  ["a turn that is no JSON", { messages: [{ ...user, extraJson: "1" }] }, "messages[0].extra_json"],
  ["a speaker with NUL", { messages: [{ ...user, name: "a\u0000" }] }, "messages[0].name"],
  [
    "a call with a bidi override",
    { messages: [{ ...user, toolCallId: "\u202e" }] },
    "messages[0].tool_call_id",
  ],
];

describe("F33, F36, F37, F43: what cannot be honoured", () => {
  let house: TestGateway;
  beforeAll(async () => {
    house = await startGateway();
  });
  afterAll(() => house[Symbol.asyncDispose]());

  async function expectRefused(body: object | string, param: string): Promise<void> {
    const response = await house.post(path, body);
    expect(response.status).toBe(400);
    const { error } = await bodyOf(response);
    expect(error).toMatchObject({ type: "invalid_request_error", code: "invalid_value", param });
    expect(error.message).toContain(param);
    expect(house.ledger.paid).toBe(0);
  }

  async function expectRefusedCall(chat: Chat, field: string): Promise<void> {
    const failed = await house.chat
      .chat({ model: "synod/default", messages: [user], ...chat })
      .catch(failureOf);
    expect(failed).toMatchObject({ reason: "invalid_value", message: expect.stringContaining(field) });
    expect(house.ledger.paid).toBe(0);
  }

  it.each(overrides)(
    "%s: is refused over HTTP and RPC, and nothing is asked",
    async (_, consensus, param) => {
      await expectRefused(ask({ consensus }), param);
      await expectRefusedCall({ consensusJson: JSON.stringify(consensus) }, param);
    },
  );

  it.each(written)("%s: is refused", async (_, field, param) => {
    const body = JSON.stringify(ask());
    await expectRefused(`{${field},${body.slice(1)}`, param);
  });

  it.each(names)("%s with a name that hides something: is refused", async (_, fields, param) => {
    await expectRefused(ask(fields), param);
    await expectRefused(ask({ model: "groq/x", ...fields }), param);
  });

  it.each(calls)("%s: is refused over RPC", async (_, chat, field) => {
    await expectRefusedCall(chat, field);
    if (chat.model === undefined && chat.consensusJson === undefined) {
      await expectRefusedCall({ ...chat, model: "groq/x" }, field);
    }
  });
});

it("F36: takes the last of two fields of the same name, and touches no prototype", async () => {
  await using house = await startGateway();
  const twice = `{"model":"synod/nope","model":"synod/default","messages":[{"role":"user","content":"no"}],"messages":[{"role":"user","content":"yes"}]}`;
  expect((await house.post(path, twice)).status).toBe(200);
  expect(textOf(house.ledger.rounds[0]?.messages[0])).toBe("yes");
  for (const name of ["__proto__", "constructor", "prototype"]) {
    const inner = `{"role":"user","content":"x","${name}":{"polluted":1}}`;
    for (const body of [
      `{"model":"synod/default","messages":[{"role":"user","content":"x"}],"${name}":{"polluted":1}}`,
      `{"model":"synod/default","messages":[${inner}]}`,
      `{"model":"synod/default","messages":[{"role":"user","content":"x"}],"consensus":{"${name}":{"polluted":1}}}`,
    ]) {
      const refused = await house.post(path, body);
      expect(refused.status, body).toBe(400);
      expect((await bodyOf(refused)).error.param).toContain(name);
    }
  }
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
  expect(house.ledger.paid).toBe(3);
});

it("F37: replaces halves of surrogate pairs wherever they stand, but not in what goes on as it was written", async () => {
  await using house = await startGateway();
  const half = "\ud83d";
  const consensus = {
    members: [{ model: "sim/a", samples: 2, seed: 1 }],
    rounds: { max: 2, stop_when: "never" },
    improvement_prompt: half,
  };
  const messages = [{ role: "user", content: `${half}👩`, name: half }];
  expect((await house.post(path, ask({ messages, consensus, stop: [half] }))).status).toBe(200);
  expect(house.ledger.rounds[0]).toMatchObject({
    messages: [{ name: "\ufffd", parts: [{ content: { value: "\ufffd👩" } }] }],
    members: [{ sampling: { stop: ["\ufffd"] } }],
  });
  const body = JSON.stringify(ask({ model: "groq/x", stop: [half], user: half }));
  expect((await house.post(path, body)).status).toBe(200);
  expect(house.ledger.completions[0]).toMatchObject({
    sampling: { stop: ["\ufffd"] },
    extraJson: '{"user":"\\ud83d"}',
  });
  expect(house.ledger.paid).toBe(5);
});

it("F37: keeps a text as it is, whatever stands in it, and writes it to no log", async () => {
  const text = "\u0000\u202e\u200b\u001b[31m\r\nX: y\u2028👩‍🔬";
  await using house = await startGateway({ script: { model: () => says(text) } });
  const messages = [{ role: "user", content: text }];
  const answer = await bodyOf(await house.post(path, ask({ model: "groq/x", messages, user: text })));
  expect(answer.choices[0].message.content).toBe(text);
  const [sent] = house.ledger.completions;
  expect(textOf(sent?.messages[0])).toBe(text);
  expect(JSON.parse(sent?.extraJson ?? "")).toEqual({ user: text });
  expect(JSON.stringify(house.log)).not.toContain("X: y");
  expect(house.ledger.paid).toBe(1);
});
