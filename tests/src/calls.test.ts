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

describe.each(deployments)("the calls of a run, $name", (kind) => {
  let upstream: Upstream;
  beforeAll(async () => {
    upstream = await startUpstream();
  });
  afterAll(async () => {
    await upstream[Symbol.asyncDispose]();
  });

  async function withPreset(
    preset: Record<string, unknown>,
    use: (synod: Deployment) => Promise<void>,
  ): Promise<void> {
    await using synod = await startDeployment(kind, { env: upstream.env, config: panel(preset) });
    await use(synod);
  }

  const ask = async (synod: Deployment): Promise<CompletionJson> => {
    const answer = await post(`${synod.url}/v1/chat/completions`, question(asked));
    expect(answer.text).not.toContain("canary");
    expect(answer.status).toBe(200);
    return answer.json<CompletionJson>();
  };

  it(
    "is members x rounds + aggregations, each with its path, key and body",
    { timeout: 60_000 },
    async () => {
      await withPreset(
        {
          rounds: { max: 2, stop_when: "never" },
          aggregation: synthesis,
          improvement_prompt: "Think again.",
        },
        async (synod) => {
          upstream.script([
            says(members.gemini, "Answer: 7"),
            says(members.llama, "Answer: 7"),
            says(members.mistral, "Answer: 8"),
            says(members.aggregator, "They say 7.", [1]),
            says(members.aggregator, "It is 7. Answer: 7", [2]),
          ]);
          const completion = await ask(synod);
          const calls = upstream.calls();

          expect(calls).toHaveLength(3 * 2 + 2);
          expect(completion.consensus.calls).toEqual({ made: 8, saved: 0 });
          expect(textOf(completion)).toBe("It is 7. Answer: 7");
          expect(completion.consensus).toMatchObject({
            strategy: "synthesis",
            rounds: 2,
            stopped: "max_rounds",
            validated: null,
          });
          expect(completion.consensus.members.map((m) => [m.round, m.status, m.answer_key])).toEqual([
            [1, "answered", "7"],
            [1, "answered", "7"],
            [1, "answered", "8"],
            [2, "answered", "7"],
            [2, "answered", "7"],
            [2, "answered", "8"],
          ]);

          for (const call of calls) {
            const groq = call.provider === "groq";
            expect(call.path).toBe(
              groq ? "/groq/openai/v1/chat/completions" : "/openrouter/api/v1/chat/completions",
            );
            expect(call.key?.last4).toBe("test");
            expect(call.body).toMatchObject({ model: call.model, stream: true });
          }

          const improvement = calls.filter((call) => call.model === members.gemini)[1];
          expect(messagesOf(improvement)).toEqual([
            { role: "user", content: asked },
            { role: "system", content: "Consensus: They say 7." },
            { role: "user", content: "Think again." },
          ]);

          const aggregation = JSON.stringify(
            messagesOf(calls.find((call) => call.model === members.aggregator)),
          );
          expect(aggregation).toContain(asked);
          expect(aggregation.match(/Answer: 7/g)).toHaveLength(2);
          expect(aggregation.match(/Answer: 8/g)).toHaveLength(1);
          for (const model of [
            members.gemini,
            members.llama,
            members.mistral,
            "gemini",
            "llama",
            "mistral",
          ]) {
            expect(aggregation).not.toContain(model);
          }
        },
      );
    },
  );

  it("adds one call for each verdict, and a round for each regeneration", { timeout: 60_000 }, async () => {
    const judge = { mode: "gate", models: [`openrouter/${members.judge}`], max_regenerations: 2 };
    await withPreset({ judge }, async (synod) => {
      const right = [says(members.gemini, "7"), says(members.llama, "7"), says(members.mistral, "8")];
      upstream.script([...right, says(members.judge, verdict("right"))]);
      const accepted = await ask(synod);
      expect(upstream.calls()).toHaveLength(3 + 1);
      expect(accepted.consensus).toMatchObject({
        validated: true,
        stopped: "accepted",
        judge: { verdict: "right", attempts: 1 },
      });

      upstream.script([
        ...right,
        says(members.judge, verdict("wrong", "It must be even."), [1]),
        says(members.judge, verdict("right"), [2]),
      ]);
      const again = await ask(synod);
      expect(upstream.calls()).toHaveLength(2 * (3 + 1));
      expect(again.consensus).toMatchObject({ validated: true, judge: { verdict: "right", attempts: 2 } });
      const second = upstream.calls().filter((call) => call.model === members.gemini)[1];
      expect(JSON.stringify(messagesOf(second))).toContain("It must be even.");

      upstream.script([...right, says(members.judge, verdict("wrong", "No."))]);
      const never = await ask(synod);
      expect(upstream.calls()).toHaveLength(3 * (3 + 1));
      expect(never.consensus).toMatchObject({
        validated: false,
        stopped: "max_regenerations",
        judge: { verdict: "wrong", attempts: 3 },
      });

      upstream.script([...right, says(members.judge, "yes, that is right!")]);
      const garbage = await ask(synod);
      expect(upstream.calls()).toHaveLength(3 + 2);
      expect(garbage.consensus).toMatchObject({ validated: null, degraded: ["judge_unavailable"] });
    });
  });

  it(
    "annotates: the answer goes out, its verdict follows in the last chunk",
    { timeout: 60_000 },
    async () => {
      const judge = { mode: "annotate", models: [`openrouter/${members.judge}`] };
      await withPreset({ judge }, async (synod) => {
        upstream.script([
          says(members.gemini, "7"),
          says(members.llama, "7"),
          says(members.mistral, "8"),
          says(members.judge, verdict("wrong", "It is 9.")),
        ]);
        const answer = await post(`${synod.url}/v1/chat/completions`, { ...question(asked), stream: true });
        const { chunks, done } = readSse(answer.text);
        expect(done).toBe(true);
        expect(chunks.at(-1)).toMatchObject({
          consensus: { validated: false, judge: { verdict: "wrong", attempts: 1 }, calls: { made: 4 } },
        });
        expect(upstream.calls()).toHaveLength(3 + 1);
      });
    },
  );

  it("is the reference system's for a configuration in its format", { timeout: 60_000 }, async () => {
    const config = {
      models: [
        { id: members.gemini, max_tokens: 100, temperature: 0.5 },
        { id: members.mistral, max_tokens: 200, temperature: 0.7 },
      ],
      aggregator: [
        {
          model: { id: members.judge, max_tokens: 300, temperature: 0.1 },
          aggregator_context: [{ role: "system", content: "You read answers." }],
          aggregator_prompt: [{ role: "user", content: "Write one." }],
        },
      ],
      aggregated_prompt_type: "user",
      improvement_prompt: "Improve it.",
      iterations: 1,
    };
    await using synod = await startDeployment(kind, { env: upstream.env, config });
    upstream.script([says(members.gemini, "one"), says(members.mistral, "two"), says(members.judge, "both")]);
    const answer = await post(`${synod.url}/api/routes/chat/`, {
      system_message: "Be short.",
      user_message: asked,
    });
    expect(answer.json()).toEqual({ response: "both" });

    const calls = upstream.calls();
    expect(calls).toHaveLength(2 * 2 + 2);
    expect(calls.filter((call) => call.model === members.gemini).map((call) => call.body)).toMatchObject([
      { max_tokens: 100, temperature: 0.5 },
      { max_tokens: 100, temperature: 0.5 },
    ]);
    const initial = [
      { role: "system", content: "Be short." },
      { role: "user", content: asked },
    ];
    expect(messagesOf(calls.filter((call) => call.model === members.mistral)[0])).toEqual(initial);
    expect(messagesOf(calls.filter((call) => call.model === members.mistral)[1])).toEqual([
      ...initial,
      { role: "user", content: "Consensus: both" },
      { role: "user", content: "Improve it." },
    ]);
    const [context, answers, prompt, ...rest] = messagesOf(
      calls.find((call) => call.model === members.judge),
    );
    expect(rest).toEqual([]);
    expect(context).toEqual({ role: "system", content: "You read answers." });
    expect(answers?.role).toBe("system");
    expect(answers?.content).toMatch(/^Aggregated responses:/);
    expect(answers?.content).toContain("one");
    expect(answers?.content).toContain("two");
    expect(prompt).toEqual({ role: "user", content: "Write one." });
  });
});
