import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type CompletionJson, post, question, readSse, textOf } from "./harness/api.js";
import { type Deployment, deployments, startDeployment } from "./harness/deployment.js";
import {
  members,
  messagesOf,
  panel,
  says,
  startUpstream,
  synthesis,
  type Upstream,
  verdict,
} from "./harness/upstream.js";

const asked = "Which number is it?";
const judges = [`openrouter/${members.judge}`];
const config = {
  presets: {
    rounds: panel({
      rounds: { max: 2, stop_when: "never" },
      aggregation: synthesis,
      improvement_prompt: "Think again.",
    }).presets.default,
    gate: panel({ judge: { mode: "gate", models: judges, max_regenerations: 2 } }).presets.default,
    annotate: panel({ judge: { mode: "annotate", models: judges } }).presets.default,
  },
};
const disagreeing = [says(members.gemini, "7"), says(members.llama, "7"), says(members.mistral, "8")];

describe.each(deployments)("the calls of a run, $name", (kind) => {
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

  const ask = async (preset: string): Promise<CompletionJson> => {
    const answer = await post(`${synod.url}/v1/chat/completions`, question(asked, `synod/${preset}`));
    expect(answer.status).toBe(200);
    expect(answer.text + synod.output()).not.toContain("canary");
    return answer.json<CompletionJson>();
  };

  it("are members x rounds + aggregations, each with its path, key and body", async () => {
    upstream.script([
      says(members.gemini, "Answer: 7"),
      says(members.llama, "Answer: 7"),
      says(members.mistral, "Answer: 8"),
      says(members.aggregator, "They say 7.", [1]),
      says(members.aggregator, "It is 7. Answer: 7", [2]),
    ]);
    const { consensus, ...completion } = await ask("rounds");
    const calls = upstream.calls();

    expect(calls).toHaveLength(3 * 2 + 2);
    expect(consensus.calls).toEqual({ made: 8, saved: 0 });
    expect(textOf({ consensus, ...completion })).toBe("It is 7. Answer: 7");
    expect(consensus).toMatchObject({
      strategy: "synthesis",
      rounds: 2,
      stopped: "max_rounds",
      validated: null,
    });
    const seats = consensus.members.map((member) => [member.round, member.status, member.answer_key]);
    const round = (n: number) => ["7", "7", "8"].map((key) => [n, "answered", key]);
    expect(seats).toEqual([...round(1), ...round(2)]);

    for (const call of calls) {
      const base = call.provider === "groq" ? "/groq/openai/v1" : "/openrouter/api/v1";
      expect(call.path).toBe(`${base}/chat/completions`);
      expect(call.key?.last4).toBe("test");
      expect(call.body).toMatchObject({ model: call.model, stream: true });
    }
  });

  it("show members the consensus, and the aggregator every answer but no model's name", async () => {
    upstream.script([
      says(members.gemini, "Answer: 7"),
      says(members.llama, "Answer: 7"),
      says(members.mistral, "Answer: 8"),
      says(members.aggregator, "They say 7."),
    ]);
    await ask("rounds");
    const calls = upstream.calls();
    expect(calls).toHaveLength(3 * 2 + 2);

    expect(messagesOf(calls.filter((call) => call.model === members.gemini)[1])).toEqual([
      { role: "user", content: asked },
      { role: "system", content: "Consensus: They say 7." },
      { role: "user", content: "Think again." },
    ]);
    const aggregation = JSON.stringify(messagesOf(calls.find((call) => call.model === members.aggregator)));
    expect(aggregation).toContain(asked);
    expect(aggregation.match(/Answer: 7/g)).toHaveLength(2);
    expect(aggregation.match(/Answer: 8/g)).toHaveLength(1);
    expect(aggregation).not.toMatch(/gemini|llama|mistral/i);
  });

  it("are one more for each verdict, and a round and a verdict more for each regeneration", async () => {
    upstream.script([...disagreeing, says(members.judge, verdict("right"))]);
    const accepted = (await ask("gate")).consensus;
    expect(upstream.calls()).toHaveLength(3 + 1);
    expect(accepted).toMatchObject({
      validated: true,
      stopped: "accepted",
      judge: { verdict: "right", attempts: 1 },
    });

    upstream.script([
      ...disagreeing,
      says(members.judge, verdict("wrong", "It must be even."), [1]),
      says(members.judge, verdict("right"), [2]),
    ]);
    const again = (await ask("gate")).consensus;
    expect(upstream.calls()).toHaveLength(2 * (3 + 1));
    expect(again).toMatchObject({ validated: true, judge: { verdict: "right", attempts: 2 } });
    const second = upstream.calls().filter((call) => call.model === members.gemini)[1];
    expect(JSON.stringify(messagesOf(second))).toContain("It must be even.");

    upstream.script([...disagreeing, says(members.judge, verdict("wrong", "No."))]);
    const never = (await ask("gate")).consensus;
    expect(upstream.calls()).toHaveLength(3 * (3 + 1));
    expect(never).toMatchObject({ validated: false, stopped: "max_regenerations", judge: { attempts: 3 } });
  });

  it("are one more to repair a judge's garbage, which is never a pass", async () => {
    upstream.script([...disagreeing, says(members.judge, "yes, that is right!")]);
    const { consensus } = await ask("gate");
    expect(upstream.calls()).toHaveLength(3 + 2);
    expect(consensus).toMatchObject({ validated: null, degraded: ["judge_unavailable"] });
  });

  it("annotate: the answer goes out, its verdict follows in the last chunk", async () => {
    upstream.script([...disagreeing, says(members.judge, verdict("wrong", "It is 9."))]);
    const body = { ...question(asked, "synod/annotate"), stream: true };
    const { chunks, done } = readSse((await post(`${synod.url}/v1/chat/completions`, body)).text);
    expect(done).toBe(true);
    expect(chunks.at(-1)).toMatchObject({
      consensus: { validated: false, judge: { verdict: "wrong", attempts: 1 }, calls: { made: 4 } },
    });
    expect(upstream.calls()).toHaveLength(3 + 1);
  });
});
