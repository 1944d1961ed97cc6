import { create } from "@bufbuild/protobuf";
import { type ChatResponse, MemberStatus } from "@synod/contracts/chat";
import { FinishReason, MessageSchema, ResponseFormatType, Role } from "@synod/contracts/model";
import { SpentUsageSchema } from "@synod/contracts/provider";
import { failureOf, SynodError } from "@synod/rpc";
import { eventually } from "@synod/testing";
import { describe, expect, it } from "vitest";
import { startGateway } from "../testing/gateway.js";
import { hangs, type Reply, says, textOf } from "../testing/script.js";

const messages = [
  create(MessageSchema, { role: Role.USER, parts: [{ content: { case: "text", value: "What is 6 x 7?" } }] }),
];
const question = { model: "synod/default", messages };

describe("ChatService.Chat", () => {
  it("asks a panel", async () => {
    await using house = await startGateway({
      script: { member: (model) => says(model === "sim/c" ? "41" : "42") },
    });
    const answer = await house.chat.chat(question);
    expect(textOf(answer.message)).toBe("42");
    expect(answer).toMatchObject({ model: "synod/default", finishReason: FinishReason.STOP });
    expect(answer.usage).toMatchObject({ inputTokens: 30n, costUsdNanos: 3_000n });
    expect(answer.consensus).toMatchObject({ preset: "default", strategy: "majority", callsMade: 3 });
    expect(answer.consensus?.members.map(({ status }) => status)).toEqual(
      Array(3).fill(MemberStatus.ANSWERED),
    );
    expect(house.ledger.paid).toBe(3);
  });

  it("asks one model", async () => {
    await using house = await startGateway();
    const answer = await house.chat.chat({ ...question, model: "groq/x", sampling: { temperature: 1 } });
    expect(textOf(answer.message)).toBe("42");
    expect(answer.consensus).toBeUndefined();
    expect(house.ledger.completions[0]).toMatchObject({ model: "groq/x", sampling: { temperature: 1 } });
    expect(house.ledger.paid).toBe(1);
  });

  it("takes the request's consensus object", async () => {
    await using house = await startGateway();
    const consensusJson = JSON.stringify({ aggregation: { strategy: "synthesis" } });
    const answer = await house.chat.chat({ ...question, consensusJson });
    expect(answer.consensus?.strategy).toBe("synthesis");
    expect(house.ledger.paid).toBe(4);
  });

  const mistakes = [
    ["an unknown panel", { model: "synod/nope" }, "model_not_found"],
    ["broken consensus_json", { consensusJson: "{" }, "invalid_value"],
    ["an unknown field in it", { consensusJson: '{"x":1}' }, "invalid_value"],
    ["consensus_json for one model", { model: "groq/x", consensusJson: "{}" }, "invalid_value"],
    ["no messages", { messages: [] as typeof messages }, "invalid_value"],
    ["too many messages", { messages: Array(5).fill(messages[0]) as typeof messages }, "invalid_value"],
    [
      "JSON from a strategy that keeps to no shape",
      {
        consensusJson: '{"aggregation":{"strategy":"majority"}}',
        sampling: { responseFormat: { type: ResponseFormatType.JSON_OBJECT } },
      },
      "invalid_value",
    ],
  ] as const;
  it.each(mistakes)("refuses %s", async (_name, fields, reason) => {
    await using house = await startGateway({ maxMessages: 4 });
    const failed = house.chat
      .chat({ ...question, ...fields })
      .catch((error: unknown) => failureOf(error).reason);
    expect(await failed).toBe(reason);
    expect(house.ledger.paid).toBe(0);
  });

  it("takes as many messages as the operator allows", async () => {
    await using house = await startGateway({ maxMessages: 4 });
    const four = Array(4).fill(messages[0]) as typeof messages;
    expect(textOf((await house.chat.chat({ ...question, messages: four })).message)).toBe("42");
    expect(house.ledger.paid).toBe(3);
  });

  it("hands one model's own turns back to it, and keeps them from a panel", async () => {
    const turn = create(MessageSchema, {
      role: Role.ASSISTANT,
      refusal: "No.",
      reasoning: "6 x 7",
      extraJson: '{"images":[1.0]}',
    });
    await using house = await startGateway();
    const asked = [messages[0] ?? turn, turn, messages[0] ?? turn];
    await house.chat.chat({ model: "groq/x", messages: asked });
    const said = [{ content: { case: "text", value: "No." } }];
    expect(house.ledger.completions[0]?.messages[1]).toMatchObject({
      parts: said,
      reasoning: "6 x 7",
      extraJson: '{"images":[1.0]}',
    });
    await house.chat.chat({ model: "synod/default", messages: asked });
    expect(house.ledger.rounds[0]?.messages[1]).toMatchObject({ parts: said, reasoning: "", extraJson: "" });
    expect(house.ledger.paid).toBe(4);
  });

  it("fails as the run fails", async () => {
    const failure = { reason: "upstream_error", message: "Broken.", retryable: true } as const;
    await using house = await startGateway({ script: { member: () => ({ failure }) } });
    const failed = await house.chat.chat(question).catch(failureOf);
    expect(failed).toMatchObject({ reason: "all_models_failed", retryable: true });
    expect(house.ledger.paid).toBe(3);
  });

  it("answers in time for its caller's deadline, and leaves every call", async () => {
    await using house = await startGateway({ script: { member: () => hangs } });
    const failed = await house.chat.chat(question, { timeoutMs: 100 }).catch(failureOf);
    expect(failed).toMatchObject({ reason: "deadline_exceeded" });
    await eventually(() => house.ledger.aborted === 3);
    expect(house.ledger.paid).toBe(3);
  });
});

describe("ChatService.StreamChat", () => {
  it("streams the run's events and the text, then the whole answer", async () => {
    await using house = await startGateway({
      script: { aggregate: () => says("It is ", "42.") },
    });
    const consensusJson = JSON.stringify({ aggregation: { strategy: "synthesis" } });
    const seen: string[] = [];
    let text = "";
    let seq = 0;
    for await (const { event } of house.chat.streamChat({ chat: { ...question, consensusJson } })) {
      if (event.case === "delta") text += event.value.text;
      if (event.case === "runEvent") {
        seq += 1;
        expect(event.value.seq).toBe(seq);
        seen.push(event.value.event.case ?? "");
      }
      if (event.case === "finished") {
        seen.push("finished");
        expect(textOf(event.value.response?.message)).toBe("It is 42.");
        expect(event.value.response?.consensus?.callsMade).toBe(4);
      }
    }
    expect(text).toBe("It is 42.");
    expect(seen).toEqual([
      "runStarted",
      "roundStarted",
      "memberAnswered",
      "memberAnswered",
      "memberAnswered",
      "roundEnded",
      "aggregatorCalled",
      "aggregated",
      "runFinished",
      "finished",
    ]);
    expect(house.ledger.paid).toBe(4);
  });

  it("sends a vote's text before the end", async () => {
    await using house = await startGateway();
    const cases: string[] = [];
    for await (const { event } of house.chat.streamChat({ chat: question })) cases.push(event.case ?? "");
    expect(cases.slice(-2)).toEqual(["delta", "finished"]);
    expect(house.ledger.paid).toBe(3);
  });

  it("streams one model", async () => {
    await using house = await startGateway({ script: { model: () => says("4", "2") } });
    const seen: unknown[] = [];
    for await (const { event } of house.chat.streamChat({ chat: { ...question, model: "groq/x" } })) {
      seen.push(event.case === "delta" ? event.value.text : event.case);
    }
    expect(seen).toEqual(["4", "2", "finished"]);
    expect(house.ledger.paid).toBe(1);
  });

  it("carries what the last message of one model holds, streamed or not", async () => {
    const message = create(MessageSchema, {
      role: Role.ASSISTANT,
      parts: [{ content: { case: "text", value: "42" } }],
      toolCalls: [{ id: "c1", name: "f", argumentsJson: "{" }],
      reasoning: "6 x 7",
      extraJson: '{"images":[1.0]}',
    });
    const reply: Reply = {
      ...says("42"),
      deltas: [{ reasoning: "6 x 7" }, { extraJson: '{"images":[1.0]}' }],
      whole: { message, reasoning: "6 x 7" },
    };
    await using house = await startGateway({ script: { model: () => reply } });
    const asked = { ...question, model: "openrouter/a/b" };
    expect((await house.chat.chat(asked)).message).toEqual(message);
    let answer: ChatResponse | undefined;
    for await (const { event } of house.chat.streamChat({ chat: asked })) {
      if (event.case === "delta") expect(event.value.text).toBe("42");
      if (event.case === "finished") answer = event.value.response;
    }
    expect(answer?.message).toEqual(message);
    expect(house.ledger.paid).toBe(2);
  });

  it("F19: answers with the refusal of a provider that does not pass the question on", async () => {
    const error = new SynodError({ reason: "refused", message: "Moderated." });
    await using house = await startGateway({ script: { model: () => ({ error }) } });
    const asked = { ...question, model: "groq/x" };
    const refused = { message: { refusal: "Moderated." }, finishReason: FinishReason.CONTENT_FILTER };
    expect(await house.chat.chat(asked)).toMatchObject(refused);
    const seen: unknown[] = [];
    for await (const { event } of house.chat.streamChat({ chat: asked })) seen.push(event);
    expect(seen).toMatchObject([{ case: "finished", value: { response: refused } }]);
    expect(house.ledger.paid).toBe(2);
  });

  it("ends with an error when the run fails, after its events", async () => {
    const error = new SynodError({ reason: "upstream_error", message: "It broke." });
    await using house = await startGateway({ script: { aggregate: () => ({ pieces: ["It is"], error }) } });
    const consensusJson = JSON.stringify({ aggregation: { strategy: "synthesis" } });
    let events = 0;
    const read = async (): Promise<void> => {
      for await (const _ of house.chat.streamChat({ chat: { ...question, consensusJson } })) events += 1;
    };
    expect(await read().catch(failureOf)).toMatchObject({ reason: "upstream_error" });
    expect(events).toBeGreaterThan(7);
  });

  it("F25: cancels the run when its caller leaves", async () => {
    await using house = await startGateway({ script: { member: () => hangs } });
    for await (const { event } of house.chat.streamChat({ chat: question })) {
      if (event.case === "runEvent" && event.value.event.case === "roundStarted") break;
    }
    await eventually(() => house.ledger.aborted === house.ledger.members && house.log.length > 1);
    expect(house.log.at(-1)).toMatchObject({ msg: "run cancelled" });
  });
});

describe("a failure over ChatService", () => {
  const limited = { reason: "rate_limit_exceeded", message: "Wait.", retryAfterMs: 500 } as const;
  const paid = create(SpentUsageSchema, { usage: { costUsdNanos: 1n }, attempts: 1 });
  const asked = { ...question, model: "groq/x" };

  async function bothWays(reply: Reply): Promise<unknown[]> {
    await using house = await startGateway({ script: { model: () => reply } });
    const read = async (): Promise<void> => {
      for await (const _ of house.chat.streamChat({ chat: asked }));
    };
    const failures = [await house.chat.chat(asked).catch(failureOf), await read().catch(failureOf)];
    expect(house.ledger.paid).toBe(2);
    return failures;
  }

  it("is retryable where nothing was paid for one model", async () => {
    const error = new SynodError(limited, { spent: create(SpentUsageSchema) });
    const told = { ...limited, retryable: true };
    expect(await bothWays({ error })).toEqual([told, told]);
  });

  it.each([
    ["something was paid for one model", new SynodError(limited, { spent: paid })],
    ["the call to the provider gateway broke", new SynodError(limited)],
  ])("is not retryable where %s", async (_what, error) => {
    const { reason, message } = limited;
    const told = { reason, message, retryable: false };
    expect(await bothWays({ error })).toEqual([told, told]);
  });

  it("is not retryable once one model has begun to stream", async () => {
    const error = new SynodError(limited, { spent: create(SpentUsageSchema) });
    const [whole, streamed] = await bothWays({ pieces: ["4"], error });
    expect(whole).toMatchObject({ retryable: true });
    expect(streamed).toMatchObject({ retryable: false });
  });

  it("is not retryable where a member of a panel was paid", async () => {
    const failure = { reason: "upstream_error", message: "Broken.", retryable: true } as const;
    await using house = await startGateway({
      script: { member: (model) => (model === "sim/a" ? says("42") : { failure }) },
    });
    const failed = await house.chat.chat(question).catch(failureOf);
    expect(failed).toMatchObject({ reason: "quorum_not_met", retryable: false });
    expect(failed).not.toHaveProperty("retryAfterMs");
    expect(house.ledger.paid).toBe(3);
  });
});
