import { FinishReason } from "@synod/contracts/model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  type CompletionJson,
  type ConsensusJson,
  deltasOf,
  post,
  question,
  readSse,
  type ToolCallJson,
} from "./harness/api.js";
import { grpcClient } from "./harness/ask-grpc.js";
import { type Deployment, deployments, startDeployment } from "./harness/deployment.js";
import { fails, members, panel, says, startUpstream, synthesis, type Upstream } from "./harness/upstream.js";

const schema = {
  $defs: {
    item: {
      type: "object",
      properties: { name: { type: "string" }, qty: { type: "integer" } },
      required: ["name", "qty"],
      additionalProperties: false,
    },
  },
  type: "object",
  properties: {
    verdict: { enum: ["buy", "hold", "sell"] },
    price: { type: "number" },
    items: { type: "array", items: { $ref: "#/$defs/item" } },
    note: { anyOf: [{ type: "string" }, { type: "null" }] },
  },
  required: ["verdict", "price", "items", "note"],
  additionalProperties: false,
};
const response_format = { type: "json_schema", json_schema: { name: "order", schema, strict: true } };
const offering = (name: string, properties: object) => [
  { type: "function", function: { name, parameters: { type: "object", properties } } },
];
const tools = offering("get_weather", { city: { type: "string" } });
interface FailedJson {
  readonly error: { readonly code: string; readonly message: string };
  readonly consensus: ConsensusJson;
}

const seats = [`openrouter/${members.gemini}`, `groq/${members.llama}`, `openrouter/${members.mistral}`];
const weighing = (weights: readonly number[], key: "weight" | "accuracy") => ({
  members: seats.map((model, index) => ({ model, [key]: weights[index] })),
  aggregation: { strategy: "weighted" },
});
const config = {
  presets: {
    default: panel().presets.default,
    heavy: panel(weighing([5, 1, 1], "weight")).presets.default,
    known: panel(weighing([0.95, 0.6, 0.6], "accuracy")).presets.default,
    lossless: panel({ ...weighing([5, 1, 1], "weight"), stop_early: "lossless", quorum: 1 }).presets.default,
    fields: panel({ aggregation: { strategy: "fields" } }).presets.default,
    shaped: panel({ aggregation: synthesis }).presets.default,
    calls: panel({ aggregation: { strategy: "tool_calls" } }).presets.default,
  },
};

describe.each(deployments)("weights, fields and tool calls, $name", (kind) => {
  let upstream: Upstream;
  let synod: Deployment;

  beforeAll(async () => {
    upstream = await startUpstream();
    synod = await startDeployment(kind, { env: upstream.env, config });
  }, 60_000);
  afterAll(async () => {
    await synod.stop();
    await upstream[Symbol.asyncDispose]();
  });

  const url = (): string => `${synod.url}/v1/chat/completions`;
  const ask = async (preset: string, more: object = {}): Promise<CompletionJson> => {
    const answer = await post(url(), { ...question("Which one?", `synod/${preset}`), ...more });
    expect([answer.status, answer.text.slice(0, 300)]).toEqual([200, expect.any(String)]);
    return answer.json<CompletionJson>();
  };
  const three = (gemini: string, llama: string, mistral: string) => [
    says(members.gemini, gemini),
    says(members.llama, llama),
    says(members.mistral, mistral),
  ];

  describe("weighted", () => {
    it("the heavier side wins, by three calls", async () => {
      upstream.script(three("Answer: 7", "Answer: 8", "Answer: 8"));
      const { choices, consensus } = await ask("heavy");
      expect(choices[0]?.message.content).toBe("Answer: 7");
      expect(consensus).toMatchObject({
        strategy: "weighted",
        agreement: 5 / 7,
        confidence: null,
        tie_broken: false,
        dissent: [{ answer_key: "8" }],
        calls: { made: 3, saved: 0 },
      });
      expect(consensus.members.map((member) => member.swings)).toEqual([true, false, false]);
      expect(upstream.calls()).toHaveLength(3);
    });

    it("accuracies weigh by their log-odds, and say how sure the answer is", async () => {
      upstream.script(three("Answer: 7", "Answer: 8", "Answer: 8"));
      const { choices, consensus } = await ask("known");
      const [strong, weak] = [Math.log(0.95 / 0.05), Math.log(0.6 / 0.4)];
      expect(choices[0]?.message.content).toBe("Answer: 7");
      expect(consensus.agreement).toBeCloseTo(strong / (strong + 2 * weak), 6);
      expect(consensus.confidence).toBeCloseTo(1 / (1 + Math.exp(2 * weak - strong)), 6);
      expect(upstream.calls()).toHaveLength(3);
    });

    it("stops once the others together cannot outweigh it", async () => {
      upstream.script([
        says(members.gemini, "Answer: 7"),
        fails(members.llama, { kind: "hang", when: "before_headers" }),
        fails(members.mistral, { kind: "hang", when: "before_headers" }),
      ]);
      const { choices, consensus } = await ask("lossless");
      expect(choices[0]?.message.content).toBe("Answer: 7");
      expect(consensus).toMatchObject({ stopped: "lossless", calls: { made: 3, saved: 2 } });
      await upstream.simulator.control.until(() => upstream.simulator.control.stats().inFlight === 0, 5_000);
      expect(upstream.calls()).toHaveLength(3);
    });
  });

  describe("fields", () => {
    const order = (verdict: string, price: number, items: object[], note: string | null = null): string =>
      JSON.stringify({ verdict, price, items, note });

    it("agrees on each value of a schema, which every member was asked for", async () => {
      upstream.script(
        three(
          order("buy", 10, [{ name: "Apple", qty: 2 }], "ripe"),
          order("buy", 30, [
            { name: "apple", qty: 3 },
            { name: "Pear", qty: 1 },
          ]),
          order("sell", 12, [{ name: "Apple", qty: 3 }]),
        ),
      );
      const { choices, consensus } = await ask("fields", { response_format });
      const agreed = JSON.parse(choices[0]?.message.content ?? "");
      expect(agreed).toEqual({
        verdict: "buy",
        price: 12,
        items: [
          { name: expect.stringMatching(/^apple$/i), qty: 3 },
          { name: "Pear", qty: 1 },
        ],
        note: null,
      });
      expect(choices[0]?.finish_reason).toBe("stop");
      expect(consensus).toMatchObject({
        strategy: "fields",
        format_problem: null,
        calls: { made: 3, saved: 0 },
      });
      expect(consensus.fields?.map(({ path, support, voters }) => [path, support, voters])).toEqual([
        ["/verdict", 2, 3],
        ["/price", 1, 3],
        ["/items/0/name", 3, 3],
        ["/items/0/qty", 2, 3],
        ["/items/1/name", 1, 3],
        ["/items/1/qty", 1, 3],
        ["/note", 2, 3],
      ]);
      const asked = upstream.calls();
      expect(asked).toHaveLength(3);
      for (const call of asked) expect(call.body).toMatchObject({ response_format });
    });

    it("streams the same answer", async () => {
      upstream.script(three(order("buy", 1, []), order("buy", 1, []), order("hold", 1, [])));
      const body = { ...question("Which one?", "synod/fields"), response_format, stream: true };
      const { chunks, done } = readSse((await post(url(), body)).text);
      const text = deltasOf(chunks)
        .map(({ delta }) => delta.content ?? "")
        .join("");
      expect(done).toBe(true);
      expect(JSON.parse(text)).toMatchObject({ verdict: "buy" });
      expect(upstream.calls()).toHaveLength(3);
    });

    it("answers that are not of the schema have no vote; when none is, the answer says why", async () => {
      upstream.script(three(order("rent", 1, []), order("hold", 2, []), "I would hold."));
      const { choices, consensus } = await ask("fields", { response_format });
      expect(JSON.parse(choices[0]?.message.content ?? "")).toMatchObject({ verdict: "hold", price: 2 });
      expect(consensus.members.map(({ status }) => status)).toEqual(["abstained", "answered", "abstained"]);
      upstream.script(three(order("rent", 1, []), order("rent", 1, []), order("rent", 1, [])));
      expect((await ask("fields", { response_format })).consensus).toMatchObject({
        format_problem: '/verdict fails "enum".',
      });
      expect(upstream.calls()).toHaveLength(3);
    });

    it("F51: a synthesis that is not of the schema gives way to the agreement of the members", async () => {
      const said = order("hold", 2, []);
      upstream.script([...three(said, said, order("buy", 9, [])), says(members.aggregator, "I would hold.")]);
      const { choices, consensus } = await ask("shaped", { response_format });
      expect(JSON.parse(choices[0]?.message.content ?? "")).toMatchObject({ verdict: "hold", price: 2 });
      expect(consensus).toMatchObject({ degraded: ["aggregator_unavailable"], calls: { made: 4 } });
      expect(upstream.calls()).toHaveLength(4);
      expect(upstream.calls()[3]?.body).toMatchObject({ response_format });
    });
  });

  describe("tool_calls", () => {
    const calls = (model: string, city: string) =>
      fails(model, { kind: "tool_calls", name: "get_weather", arguments: `{"city":"${city}"}` });
    const asking = (more: object = {}): object => ({ tools, tool_choice: "auto", ...more });
    const callsOf = ({ choices }: CompletionJson): readonly ToolCallJson[] =>
      choices[0]?.message.tool_calls ?? [];

    it("answers with a call that a client can run, whatever the prose beside it", async () => {
      upstream.script([
        calls(members.gemini, "Paris"),
        calls(members.llama, "Lyon"),
        calls(members.mistral, "Paris"),
      ]);
      const answer = await ask("calls", asking());
      expect(answer.choices[0]).toMatchObject({ finish_reason: "tool_calls", message: { content: null } });
      expect(callsOf(answer)).toEqual([
        {
          id: "call_simulated1",
          type: "function",
          function: { name: "get_weather", arguments: '{"city":"Paris"}' },
        },
      ]);
      expect(answer.consensus).toMatchObject({
        strategy: "tool_calls",
        agreement: 2 / 3,
        dissent: [{ answer_key: 'get_weather({"city":"Lyon"})' }],
        calls: { made: 3, saved: 0 },
      });
      expect(upstream.calls()).toHaveLength(3);
      for (const call of upstream.calls()) expect(call.body).toMatchObject({ tools, tool_choice: "auto" });
    });

    it("streams it, and goes on with what the tool said", async () => {
      upstream.script([
        calls(members.gemini, "Paris"),
        calls(members.llama, "Paris"),
        calls(members.mistral, "Paris"),
      ]);
      const body = { ...question("How warm is it in Paris?", "synod/calls"), ...asking(), stream: true };
      const { chunks, done } = readSse((await post(url(), body)).text);
      const choices = deltasOf(chunks);
      const called = choices.flatMap(({ delta }) => delta.tool_calls ?? []);
      expect(done).toBe(true);
      expect(called).toMatchObject([{ index: 0, id: "call_simulated1", type: "function" }]);
      expect(choices.at(-1)?.finish_reason).toBe("tool_calls");
      expect(upstream.calls()).toHaveLength(3);

      upstream.script();
      const messages = [
        ...question("How warm is it in Paris?").messages,
        { role: "assistant", content: null, tool_calls: called },
        { role: "tool", tool_call_id: "call_simulated1", content: "21 degrees" },
      ];
      const after = await ask("calls", asking({ messages }));
      expect(after.choices[0]).toMatchObject({ finish_reason: "stop" });
      expect(after.choices[0]?.message.content).toContain("21 degrees");
      expect(after.consensus.agreement).toBe(1);
      expect(upstream.calls()).toHaveLength(3);
    });

    it("answers with a text when most members call none", async () => {
      upstream.script([
        says(members.gemini, "It is 21 degrees."),
        calls(members.llama, "Paris"),
        says(members.mistral, "It is 21 degrees."),
      ]);
      const { choices, consensus } = await ask("calls", asking());
      expect(choices[0]).toMatchObject({ finish_reason: "stop", message: { content: "It is 21 degrees." } });
      expect(consensus.agreement).toBeCloseTo(2 / 3);
      expect(upstream.calls()).toHaveLength(3);
    });

    it("F20: a call of a tool that was not offered has no vote", async () => {
      const wrong = (model: string) =>
        fails(model, { kind: "tool_calls", name: "delete_all", arguments: "{}" });
      upstream.script([
        wrong(members.gemini),
        calls(members.llama, "Paris"),
        calls(members.mistral, "Paris"),
      ]);
      const answer = await ask("calls", asking());
      expect(callsOf(answer)[0]?.function.name).toBe("get_weather");
      expect(answer.consensus.members.map(({ status }) => status)).toEqual([
        "abstained",
        "answered",
        "answered",
      ]);
      expect(answer.consensus.agreement).toBe(1);
      expect(upstream.calls()).toHaveLength(3);
    });

    const choosing = { tools: offering("get_weather", { city: { enum: ["Paris", "Lyon"] } }) };
    const invalid = {
      reason: "invalid_arguments",
      message: 'The arguments of get_weather: /city fails "enum".',
    };

    it("a call whose arguments are not of the tool's schema has no vote, and the record says why", async () => {
      upstream.script([
        calls(members.gemini, "Atlantis"),
        calls(members.llama, "Paris"),
        calls(members.mistral, "Paris"),
      ]);
      const answer = await ask("calls", choosing);
      expect(callsOf(answer)[0]?.function.arguments).toBe('{"city":"Paris"}');
      expect(answer.consensus.members.map(({ status, abstention }) => [status, abstention])).toEqual([
        ["abstained", invalid],
        ["answered", null],
        ["answered", null],
      ]);
      expect(answer.consensus).toMatchObject({ agreement: 1, calls: { made: 3 } });
      expect(upstream.calls()).toHaveLength(3);
    });

    it("where all are wrong nothing is called, and the error says why", async () => {
      upstream.script([members.gemini, members.llama, members.mistral].map((m) => calls(m, "Atlantis")));
      const failed = await post(url(), { ...question("x", "synod/calls"), ...choosing });
      const { error, consensus } = failed.json<FailedJson>();
      expect([failed.status, error.code]).toEqual([503, "quorum_not_met"]);
      expect(error.message).toContain("without an answer that has a vote (invalid_arguments)");
      // Two are enough to know that the quorum cannot be reached.
      const answered = consensus.members.filter(({ status }) => status !== "cancelled");
      expect(answered.length).toBeGreaterThanOrEqual(2);
      for (const { status, abstention } of answered)
        expect([status, abstention]).toEqual(["abstained", invalid]);
      expect(failed.headers["x-should-retry"]).toBe("false");
      expect(upstream.calls()).toHaveLength(3);
    });

    it("answers with it over gRPC", async () => {
      upstream.script([
        calls(members.gemini, "Paris"),
        calls(members.llama, "Lyon"),
        calls(members.mistral, "Paris"),
      ]);
      await using client = grpcClient(synod.grpcAddress);
      const answer = await client.ask("synod/calls", "How warm is it?", JSON.stringify({ tools }));
      expect(answer).toMatchObject({
        finishReason: FinishReason.TOOL_CALLS,
        message: { parts: [], toolCalls: [{ name: "get_weather", argumentsJson: '{"city":"Paris"}' }] },
        consensus: { strategy: "tool_calls", callsMade: 3 },
      });
      expect(upstream.calls()).toHaveLength(3);
    });

    it("simulated members call by themselves", async () => {
      upstream.script();
      const answer = await ask("calls", {
        tools: offering("submit", { result: { type: "integer" } }),
        messages: [{ role: "user", content: "What is 17 + 25?" }],
      });
      expect(callsOf(answer)[0]?.function).toEqual({ name: "submit", arguments: '{"result":42}' });
      expect(upstream.calls()).toHaveLength(3);
    });
  });

  it("a panel of another strategy takes the one that fits", async () => {
    const three = says("*", '{"verdict":"buy","price":1,"items":[],"note":null}');
    // Groq takes no tools beside a schema: the provider gateway says so without asking it.
    const wanted = [
      [{ tools }, "tool_calls", 3],
      [{ tools, response_format }, "tool_calls", 2],
      [{ response_format }, "fields", 3],
      [{ response_format: { type: "json_object" } }, "fields", 3],
    ] as const;
    for (const [more, strategy, paid] of wanted) {
      upstream.script([three]);
      const { choices, consensus } = await ask("default", more);
      expect(consensus).toMatchObject({ preset: "default", strategy, agreement: 1, format_problem: null });
      expect(JSON.parse(choices[0]?.message.content ?? "")).toMatchObject({ verdict: "buy", price: 1 });
      expect(upstream.calls()).toHaveLength(paid);
      for (const call of upstream.calls()) expect(call.body).toMatchObject(more);
    }
  });

  it("what the strategy that a request names cannot do is a 400 that names the field, and costs nothing", async () => {
    upstream.script();
    const wrong = [
      ["majority", { tools }, "tools"],
      ["majority", { response_format }, "response_format"],
      ["majority", { response_format: { type: "json_object" } }, "response_format"],
      ["fields", {}, "response_format"],
    ] as const;
    for (const [strategy, more, param] of wrong) {
      const consensus = { aggregation: { strategy } };
      const answer = await post(url(), { ...question("x"), ...more, consensus });
      expect([answer.status, answer.json<{ error: { param: string } }>().error.param]).toEqual([400, param]);
    }
    expect(upstream.calls()).toHaveLength(0);
  });
});
