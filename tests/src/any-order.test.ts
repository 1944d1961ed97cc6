import { type StrategyName, strategies } from "@synod/consensus";
import type { FaultRule } from "@synod/simulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type CompletionJson, post, question } from "./harness/api.js";
import { type Deployment, deployments, startDeployment } from "./harness/deployment.js";
import { members, panel, startUpstream, type Upstream } from "./harness/upstream.js";

const names = Object.keys(strategies) as readonly StrategyName[];
const seats = [
  { model: `openrouter/${members.gemini}`, weight: 2 },
  { model: `groq/${members.llama}`, weight: 1 },
  { model: `openrouter/${members.mistral}`, weight: 1 },
];
const orders = { forwards: seats, backwards: seats.toReversed() };
const config = {
  presets: Object.fromEntries(
    names.flatMap((strategy) =>
      Object.entries(orders).map(([order, inOrder]) => [
        `${strategy}-${order}`,
        panel({
          members: inOrder,
          aggregation: { strategy, model: `openrouter/${members.aggregator}` },
          answer_format: "number",
        }).presets.default,
      ]),
    ),
  ),
};

const schema = { type: "object", properties: { answer: { type: "string" } }, required: ["answer"] };
const requests: Partial<Record<StrategyName, object>> = {
  fields: { response_format: { type: "json_schema", json_schema: { name: "reply", schema, strict: true } } },
  tool_calls: { tools: [{ type: "function", function: { name: "submit", parameters: schema } }] },
};

/** What a member says first, however it is asked. Later calls, to rank or to answer again, its simulated mind decides. */
function saying(model: string, strategy: StrategyName, number: number, delayMs: number): FaultRule {
  const said = JSON.stringify({ answer: String(number) });
  const delay = { kind: "slow_first_token", ms: delayMs } as const;
  // Of two that say the same in other words, the simulated model picks the one that it sees first.
  const texts: Partial<Record<StrategyName, string>> = { fields: said, most_consistent: `Answer: ${number}` };
  return {
    model,
    calls: [1],
    fault: [
      strategy === "tool_calls"
        ? { kind: "tool_calls", name: "submit", arguments: said }
        : { kind: "say", text: texts[strategy] ?? `${model} thinks of ${number}.\n\nAnswer: ${number}` },
      delay,
    ],
  };
}

/** What must not depend on any order. Of answers that are only joined, their order does: they are shuffled. */
function outcomeOf({ choices, consensus }: CompletionJson, strategy: StrategyName): unknown {
  const [message] = choices.map((choice) => choice.message);
  const text = message?.content ?? "";
  const parts = text
    .split("\n\n")
    .map((part) => part.replace(/^Answer [A-C]:\n/, ""))
    .toSorted();
  return {
    text: strategy === "concatenate" ? parts : text,
    calls: message?.tool_calls?.map((call) => call.function),
    agreement: consensus.agreement,
    dissent: consensus.dissent,
    tie_broken: consensus.tie_broken,
    made: consensus.calls.made,
    votes: consensus.members.map(({ model, answer_key: key }) => `${model}: ${key}`).toSorted(),
  };
}

describe.each(deployments)("any order of arrival and of members, $name", (kind) => {
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

  it.each(names)("same outcome, for as many calls: %s", { timeout: 30_000 }, async (strategy) => {
    const outcomes: unknown[] = [];
    const paid: number[] = [];
    for (const delays of [
      [0, 15, 30],
      [30, 15, 0],
    ]) {
      for (const order of Object.keys(orders)) {
        const [first = 0, second = 0, third = 0] = delays;
        upstream.script([
          saying(members.gemini, strategy, 42, first),
          saying(members.llama, strategy, 41, second),
          saying(members.mistral, strategy, 42, third),
        ]);
        const asked = question("What is 17 + 25?", `synod/${strategy}-${order}`);
        const body = { ...asked, seed: 7, ...requests[strategy] };
        const answer = await post(`${synod.url}/v1/chat/completions`, body);
        expect([answer.status, answer.text.slice(0, 300)]).toEqual([200, expect.any(String)]);
        outcomes.push(outcomeOf(answer.json<CompletionJson>(), strategy));
        paid.push(upstream.calls().length);
      }
    }
    expect(outcomes).toEqual(outcomes.map(() => outcomes[0]));
    expect(paid).toEqual(paid.map(() => (outcomes[0] as { made: number }).made));
  });
});
